"""A room, and who hears what is told there; files lie in a directory of each test's own."""

import pytest

from tests.stores import file_system
from tests.workers.chat.ears import ear, room

__all__ = ["ear", "file_system", "room"]


@pytest.fixture(autouse=True)
def _files(file_system: None) -> None:
    """Autouse of file_system."""
