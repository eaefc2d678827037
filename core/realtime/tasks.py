"""Ending what runs beside."""

import asyncio
from collections.abc import Iterable


async def cancel_all(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Return once all of them have ended: a library may swallow one cancellation, so it is repeated."""
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=1)
