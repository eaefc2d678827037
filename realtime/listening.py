"""Which rooms a person's sockets listened to, for the one that comes back for another.

rt:joined:<user> has, by room and socket, "@" and the process while it listens, and how far it had
heard once that has ended: who has heard more than that isn't that socket. When a process forgets,
or dies, the scripts of presence end what it says there.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID
from weakref import WeakValueDictionary

from core.realtime import Bus, scripts
from core.realtime.audience import Process
from core.realtime.bus import BusUnavailable
from realtime.registry import Socket

logger = logging.getLogger(__name__)


class Listening:
    """What the bus remembers of it, over all processes. position(): what this process has heard."""

    def __init__(self, bus: Bus, process: Process, position: Callable[[], str]) -> None:
        self._bus = bus
        self._here = f"@{process.id}"
        self._position = position
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        # Sockets of which the bus may know less than they listen to.
        self._unsaid: set[Socket] = set()

    async def begin(self, socket: Socket, room_id: UUID) -> None:
        """The socket is about to join a room: the caller does it in the same turn of the loop."""
        if room_id not in socket.joined:
            async with self._turn(socket):
                await self._note(socket, [room_id], self._here)

    async def resume(self, socket: Socket) -> None:
        """The socket listens to the rooms that it has still to join again."""
        await self._note(socket, socket.rejoining, self._here)

    async def forget(self, socket: Socket, room_id: UUID) -> None:
        """The socket has left a room by its own will."""
        await self._note(socket, [room_id], "left")

    async def end_rejoining(self, socket: Socket, rooms: Collection[UUID]) -> None:
        """The socket, which has heard everything up to now, didn't join these rooms again in time."""
        async with self._turn(socket):
            await self._note(socket, set(rooms) - socket.joined, self._position())

    async def close(self, socket: Socket) -> None:
        """The socket, which has heard everything up to now, has closed."""
        self._unsaid.discard(socket)
        await self._note(socket, _rooms_of(socket), self._position())

    def doubt(self, sockets: Iterable[Socket]) -> None:
        """The bus may have forgotten to what these sockets listen."""
        self._unsaid.update(filter(_rooms_of, sockets))

    async def keep(self) -> None:
        """Say again what the bus doesn't know."""
        unsaid, self._unsaid = self._unsaid, set()
        for socket in unsaid:
            if socket.connection.is_open:
                await self._note(socket, _rooms_of(socket), self._here)

    async def until(self, socket: Socket, event_id: str) -> set[UUID]:
        """The rooms that a socket of the person's listened to when it heard an event. BusUnavailable."""
        known: Mapping[bytes, bytes] = await self._bus.hash(_key(socket))
        heard = _comparable(event_id)
        return {
            UUID(place.decode().partition(" ")[0])
            for place, end in known.items()
            if not end[:1].isdigit() or _comparable(end.decode()) >= heard
        }

    def _turn(self, socket: Socket) -> asyncio.Lock:
        return self._turns.setdefault(socket.id, asyncio.Lock())

    async def _note(self, socket: Socket, rooms: Iterable[UUID], since: str) -> None:
        if places := [f"{room_id} {socket.id}" for room_id in rooms]:
            try:
                await self._bus.run(scripts.LISTEN, [_key(socket)], [since, *places])
            except BusUnavailable:
                logger.warning("A socket that comes back may not know to what it listened: %s", places)
                if since == self._here:
                    self._unsaid.add(socket)


def _rooms_of(socket: Socket) -> set[UUID]:
    return socket.joined | socket.rejoining


def _key(socket: Socket) -> str:
    return f"rt:joined:{socket.user.id}"


def _comparable(event_id: str) -> tuple[int, ...]:
    return tuple(int(part[:15]) for part in event_id.split("-") if part.isdecimal())
