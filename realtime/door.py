"""Letting sockets in: in a storm they wait for their turn, and a slow moment refuses nobody."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import uniform
from typing import TypeVar

from core.errors import Unavailable
from core.realtime.bus import BusUnavailable

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

AT_ONCE = 100
PATIENCE = 30.0
_PAUSE = 1.0


class Door:
    """So many pass at once as get on quickly: whoever waits for a turn wears out no time limit.

    is_listening() tells whether the bus is there: without it nobody waits.
    """

    def __init__(self, is_listening: Callable[[], bool]) -> None:
        self._is_listening = is_listening
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def let(self, step: Callable[[], Awaitable[Result]]) -> Result:
        """Carry out a step of somebody's way in, for some time again if it was too slow.

        Unavailable or BusUnavailable after that.
        """
        now = asyncio.get_running_loop().time
        deadline = now() + PATIENCE
        while True:
            async with self._turns:
                try:
                    return await step()
                except (Unavailable, BusUnavailable):
                    if now() >= deadline or not self._is_listening():
                        raise
            logger.warning("A socket waits: the database or the bus is slow")
            await asyncio.sleep(uniform(_PAUSE / 2, _PAUSE))  # noqa: S311 - jitter
