"""Ending what runs beside, whatever it does with a cancellation."""

import asyncio
from contextlib import suppress

from core.realtime.tasks import cancel_all


async def stubborn() -> None:
    """Swallows the first cancellation, as a library may."""
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.Event().wait()


def test_a_swallowed_cancellation_is_repeated() -> None:
    async def run() -> list[bool]:
        tasks = [asyncio.create_task(stubborn()) for _ in range(3)]
        await asyncio.sleep(0)
        await cancel_all(tasks)
        return [task.cancelled() for task in tasks]

    assert asyncio.run(asyncio.wait_for(run(), 30)) == [True] * 3


def test_nothing_to_end() -> None:
    asyncio.run(cancel_all([]))
