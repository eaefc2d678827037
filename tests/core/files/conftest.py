"""Every test of files passes on both places they may lie in."""

import pytest

from tests.stores import file_system, s3, s3_endpoint, store

__all__ = ["file_system", "s3", "s3_endpoint", "store"]


@pytest.fixture(autouse=True)
def _in_each_store(store: str) -> None:
    """Autouse of store."""
