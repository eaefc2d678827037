"""Files lie in a directory of each test's own."""

import pytest

from tests.stores import file_system

__all__ = ["file_system"]


@pytest.fixture(autouse=True)
def _files(file_system: None) -> None:
    """Autouse of file_system."""
