"""Which rooms a person's sockets listened to, for the one that comes back for another.

rt:joined:<user> has, by room and socket, nothing while it listens, and how far it had heard once it
has closed: who has heard more than that isn't that socket.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from core.realtime import Bus, scripts
from core.realtime.bus import BusUnavailable
from realtime.registry import Socket

logger = logging.getLogger(__name__)


class Listening:
    """What the bus remembers of it, over all processes. position(): what this process has heard."""

    def __init__(self, bus: Bus, position: Callable[[], str]) -> None:
        self._bus = bus
        self._position = position

    async def begin(self, socket: Socket, room_id: UUID) -> None:
        """The socket is about to join a room."""
        if room_id not in socket.joined:
            await self._note(socket, [room_id], "")

    async def resume(self, socket: Socket) -> None:
        """The socket listens to the rooms that it has still to join again."""
        await self._note(socket, socket.rejoining, "")

    async def forget(self, socket: Socket, room_id: UUID) -> None:
        """The socket has left a room by its own will."""
        await self._note(socket, [room_id], "left")

    async def end(self, socket: Socket, rooms: Iterable[UUID]) -> None:
        """The socket, which has heard everything up to now, listens to these rooms no more."""
        await self._note(socket, rooms, self._position())

    async def until(self, socket: Socket, event_id: str) -> set[UUID]:
        """The rooms that a socket of the person's listened to when it heard an event. BusUnavailable."""
        known: Mapping[bytes, bytes] = await self._bus.hash(_key(socket))
        heard = _comparable(event_id)
        return {
            UUID(place.decode().partition(" ")[0])
            for place, end in known.items()
            if not end or _comparable(end.decode()) >= heard
        }

    async def _note(self, socket: Socket, rooms: Iterable[UUID], end: str) -> None:
        if places := [f"{room_id} {socket.id}" for room_id in rooms]:
            try:
                await self._bus.run(scripts.LISTEN, [_key(socket)], [end, *places])
            except BusUnavailable:
                logger.warning("A socket that comes back won't know that it listened: %s", places)


def _key(socket: Socket) -> str:
    return f"rt:joined:{socket.user.id}"


def _comparable(event_id: str) -> tuple[int, ...]:
    return tuple(int(part[:15]) for part in event_id.split("-") if part.isdecimal())
