"""A storm of connects waits its turn instead of being refused."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.errors import Unavailable
from core.realtime.bus import BusUnavailable
from realtime import door
from realtime.door import Door


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_PAUSE", 0.0)


def failing(*faults: Exception) -> Callable[[], Awaitable[str]]:
    """A step that fails so often before it succeeds."""
    left = list(faults)

    async def step() -> str:
        if left:
            raise left.pop(0)
        return "in"

    return step


def test_no_more_than_so_many_pass_at_once() -> None:
    async def main() -> tuple[int, int]:
        gate, inside, most, through = Door(lambda: True), 0, 0, 0

        async def step() -> None:
            nonlocal inside, most, through
            inside += 1
            most = max(most, inside)
            for _ in range(3):
                await asyncio.sleep(0)
            inside -= 1
            through += 1

        await asyncio.gather(*(gate.let(step) for _ in range(3 * door.AT_ONCE)))
        return most, through

    assert asyncio.run(main()) == (door.AT_ONCE, 3 * door.AT_ONCE)


def test_what_was_too_slow_is_tried_again() -> None:
    step = failing(Unavailable(), BusUnavailable())
    assert asyncio.run(Door(lambda: True).let(step)) == "in"


def test_nobody_waits_for_a_bus_that_is_away() -> None:
    with pytest.raises(BusUnavailable):
        asyncio.run(Door(lambda: False).let(failing(BusUnavailable())))


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.0)
    with pytest.raises(Unavailable):
        asyncio.run(Door(lambda: True).let(failing(Unavailable())))


def test_what_is_wrong_for_good_is_said_at_once() -> None:
    with pytest.raises(KeyError):
        asyncio.run(Door(lambda: True).let(failing(KeyError())))
