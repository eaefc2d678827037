"""Realtime processes for the tests: two that stay, and others started for one test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis

from tests.contract.examples import book  # noqa: F401 - a fixture
from tests.realtime.processes import Realtime


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Other processes see what a test writes."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Realtime]]:
    """Starts realtime processes, and stops them after the test."""
    started: list[Realtime] = []

    def start(**variables: str) -> Realtime:
        process = Realtime(tmp_path / f"realtime-{len(started)}.log", **variables)
        started.append(process)
        return process.wait_until_listening()

    yield start
    for process in started:
        process.stop()


@pytest.fixture(scope="session")
def _lasting(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Realtime]]:
    folder = tmp_path_factory.mktemp("realtime")
    processes = [Realtime(folder / f"{number}.log") for number in range(2)]
    yield [process.wait_until_listening() for process in processes]
    for process in processes:
        process.stop()


@pytest.fixture
def realtime(_lasting: list[Realtime]) -> Realtime:
    """A process that serves many tests."""
    return _lasting[0]


@pytest.fixture
def other_realtime(_lasting: list[Realtime]) -> Realtime:
    """A second one beside it."""
    return _lasting[1]


@pytest.fixture
def bus() -> Iterator[Redis]:
    """The bus's Valkey, for a look at it."""
    with Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        yield client
