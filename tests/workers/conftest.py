"""Servers of their own for the tests that kill and freeze them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.workers.plant import Plant


@pytest.fixture(scope="session")
def _plant() -> Iterator[Plant]:
    with closing(Plant()) as plant:
        plant.open()
        yield plant


@pytest.fixture
def plant(_plant: Plant) -> Iterator[Plant]:
    """Started servers without jobs; what the test starts is stopped after it."""
    _plant.reset()
    try:
        yield _plant
    finally:
        _plant.stop_processes()
