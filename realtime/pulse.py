"""A process speaks to itself over the bus: if it doesn't hear that, it has missed other things."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from core.realtime import Bus
from core.realtime.audience import Process
from core.realtime.bus import BusUnavailable
from core.realtime.control import Beat

logger = logging.getLogger(__name__)

PERIOD = 5.0


class Pulse:
    """Sends a number every PERIOD seconds; on_silence() is called for one that isn't heard.

    turns() changes when the subscription is cut off or hears again: what it then misses is known.
    """

    def __init__(
        self, bus: Bus, to: Process, turns: Callable[[], int], on_silence: Callable[[], Awaitable[None]]
    ) -> None:
        self._bus = bus
        self._to = to
        self._turns = turns
        self._on_silence = on_silence
        self._heard = 0

    def heard(self, beat: Beat) -> None:
        self._heard = beat.number

    async def run(self) -> None:
        number = 0
        while True:
            number += 1
            turns = self._turns()
            try:
                await self._bus.publish(Beat(number=number), to=self._to)
            except BusUnavailable:
                await asyncio.sleep(PERIOD)
                continue
            await asyncio.sleep(PERIOD)
            if self._heard < number and self._turns() == turns:
                logger.warning("The realtime bus took beat %d but did not deliver it", number)
                await self._on_silence()
