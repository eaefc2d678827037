"""Who is typing where. It ends by itself: typists fall silent, leave and lose their connection."""

import asyncio
import logging
from uuid import UUID

from core.realtime import Bus, Joined
from core.realtime.bus import BusUnavailable
from core.realtime.events import TypingChanged
from realtime.registry import Socket

logger = logging.getLogger(__name__)

SILENCE = 7.0


class Typists:
    """The sockets of this process that are typing, and when that ends."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ends: dict[tuple[Socket, UUID], asyncio.Task[None]] = {}

    async def say(self, socket: Socket, room_id: UUID, is_typing: bool) -> None:
        """The socket's user types, or stops, in a room it has joined."""
        room_name = socket.joined[room_id]
        self._forget(socket, room_id)
        if is_typing:
            self._ends[socket, room_id] = asyncio.create_task(self._end_later(socket, room_id, room_name))
        await self._tell(socket, room_id, room_name, is_typing)

    async def stop(self, socket: Socket, room_id: UUID) -> None:
        """The socket leaves a room: whoever saw it typing sees it stop."""
        if self._forget(socket, room_id):
            await self._tell(socket, room_id, socket.joined.get(room_id, ""), False)

    async def stop_all(self, socket: Socket) -> None:
        """The socket has closed."""
        for room_id in [room_id for typist, room_id in self._ends if typist is socket]:
            await self.stop(socket, room_id)

    def _forget(self, socket: Socket, room_id: UUID) -> bool:
        task = self._ends.pop((socket, room_id), None)
        if task is None:
            return False
        task.cancel()
        return True

    async def _end_later(self, socket: Socket, room_id: UUID, room_name: str) -> None:
        await asyncio.sleep(SILENCE)
        del self._ends[socket, room_id]
        await self._tell(socket, room_id, room_name, False)

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
        try:
            await self._bus.publish(event, to=Joined(room_id, but=person.id))
        except BusUnavailable:
            logger.warning("Typing in %s was told to nobody", room_id)
