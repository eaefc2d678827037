"""Jobs for the tests of the ledger, known only while they run."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from core.jobs.catalogue import CATALOGUE, JobType, Queue, job


def greet(*, user_id: UUID, times: int | None = None) -> None:
    """Say hello."""


def sweep() -> None:
    """Sweep."""


@pytest.fixture
def greeting() -> Iterator[JobType[...]]:
    declared = job(Queue.EMAIL)(greet)
    yield declared
    del CATALOGUE[declared.name]


@pytest.fixture
def sweeping() -> Iterator[JobType[...]]:
    declared = job(Queue.MAINTENANCE, every=timedelta(hours=1))(sweep)
    yield declared
    del CATALOGUE[declared.name]
