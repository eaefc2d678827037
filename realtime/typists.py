"""Who is typing where. It ends by itself: typists fall silent, leave and lose their connection.

A person with several devices types for as long as one of them does, whichever process it is at.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import NamedTuple
from uuid import UUID

from core.realtime import Bus, Joined, scripts
from core.realtime.bus import BusUnavailable
from core.realtime.envelope import seal
from core.realtime.events import TypingChanged
from realtime.registry import LocalUser, Socket

logger = logging.getLogger(__name__)

SILENCE = 7.0
LONGEST = SILENCE + 2.0
"""Seconds until whoever heard it counts it as over: the typist's own process says it first, if it lives."""


class _Typing(NamedTuple):
    """When it ends by itself, and the room's name as it was told."""

    end: asyncio.Task[None]
    room_name: str


class Typists:
    """The sockets of this process that are typing, and when that ends."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._typing: dict[tuple[Socket, UUID], _Typing] = {}

    async def say(self, socket: Socket, room_id: UUID, room_name: str, is_typing: bool) -> None:
        """The socket's user types, or stops, in a room it has joined."""
        self._forget(socket, room_id)
        if is_typing:
            end = asyncio.create_task(self._end_later(socket, room_id))
            self._typing[socket, room_id] = _Typing(end, room_name)
        await self._tell(socket, room_id, room_name, is_typing)

    async def stop(self, socket: Socket, room_id: UUID) -> None:
        """The socket is leaving, or has left, a room: whoever saw it typing sees it stop."""
        if typing := self._forget(socket, room_id):
            await self._tell(socket, room_id, typing.room_name, False)

    async def stop_all(self, socket: Socket) -> None:
        """The socket has closed."""
        await self._stop_where(lambda typist, _: typist is socket)

    async def stop_outside(self, users: Collection[LocalUser]) -> None:
        """The users were taken out of rooms: their sockets type in none but those they have joined."""
        await self._stop_where(lambda typist, room_id: typist.user in users and room_id not in typist.joined)

    async def _stop_where(self, is_over: Callable[[Socket, UUID], bool]) -> None:
        for socket, room_id in [typing for typing in self._typing if is_over(*typing)]:
            await self.stop(socket, room_id)

    def _forget(self, socket: Socket, room_id: UUID) -> _Typing | None:
        typing = self._typing.pop((socket, room_id), None)
        if typing:
            typing.end.cancel()
        return typing

    async def _end_later(self, socket: Socket, room_id: UUID) -> None:
        await asyncio.sleep(SILENCE)
        typing = self._typing.pop((socket, room_id))
        await self._tell(socket, room_id, typing.room_name, False)

    async def _tell(self, socket: Socket, room_id: UUID, room_name: str, is_typing: bool) -> None:
        person = socket.user.person
        if person is None:
            return
        event = TypingChanged(
            user=person.full_name,
            user_id=person.id,
            is_typing=is_typing,
            room=room_name,
            room_id=room_id,
        )
        [channel], header, rest, _ = seal(event, Joined(room_id, but=person.id))
        lasting = int(LONGEST * 1000) if is_typing else 0
        devices = f"rt:typing:{room_id}:{person.id}"
        try:
            await self._bus.run(scripts.TYPE, [devices, channel], [str(socket.id), lasting, header, rest])
        except BusUnavailable:
            logger.warning("Typing in %s was told to nobody", room_id)
