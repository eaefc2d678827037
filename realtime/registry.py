"""Which sockets this process holds, whose they are, and which rooms they hear."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID, uuid4

from core.realtime.envelope import Envelope
from core.realtime.presence import Person
from realtime.flood import FloodGuard
from realtime.protocol import Connection

Item = TypeVar("Item")


class Socket:
    """One open socket; id is its own over all processes. joined holds the rooms it listens to.

    rejoining holds those that it listens to as it has resumed, until it has joined them again;
    removed_from those that it listened to until its user was taken out of them.
    """

    __slots__ = (
        "connection",
        "flood",
        "id",
        "joined",
        "rejoining",
        "removed_from",
        "session_id",
        "timer",
        "user",
    )

    def __init__(self, connection: Connection, user: "LocalUser", session_id: UUID) -> None:
        self.id = uuid4()
        self.connection = connection
        self.user = user
        self.session_id = session_id
        self.joined: set[UUID] = set()
        self.removed_from: frozenset[UUID] = frozenset()
        self.rejoining: frozenset[UUID] = frozenset()
        self.flood = FloodGuard()
        self.timer: asyncio.TimerHandle | None = None


class LocalUser:
    """Somebody with a socket here; person is None until they have been looked up.

    version counts the news that their rooms have changed: what was looked up before is stale.
    """

    __slots__ = ("id", "person", "sockets", "version")

    def __init__(self, user_id: UUID) -> None:
        self.id = user_id
        self.person: Person | None = None
        self.sockets: set[Socket] = set()
        self.version = 0

    @property
    def rooms(self) -> frozenset[UUID]:
        return self.person.rooms if self.person else frozenset()


class Registry:
    """The people, rooms and sockets of this process."""

    def __init__(self) -> None:
        self.users: dict[UUID, LocalUser] = {}
        self._members: dict[UUID, set[LocalUser]] = {}
        self._joined: dict[UUID, set[Socket]] = {}

    @property
    def sockets(self) -> list[Socket]:
        return [socket for user in self.users.values() for socket in user.sockets]

    def person(self, user_id: UUID) -> Person | None:
        """Somebody with a socket here, once they have been looked up."""
        user = self.users.get(user_id)
        return user.person if user else None

    def add(self, connection: Connection, user_id: UUID, session_id: UUID) -> Socket:
        """A new socket of a person."""
        user = self.users.get(user_id)
        if user is None:
            user = self.users[user_id] = LocalUser(user_id)
        socket = Socket(connection, user, session_id)
        user.sockets.add(socket)
        return socket

    def remove(self, socket: Socket) -> bool:
        """Forget a socket; whether its user has none left here, and is forgotten too."""
        for room_id in tuple(socket.joined):
            self.leave(socket, room_id)
        self.await_rejoining(socket, frozenset())
        user = socket.user
        user.sockets.discard(socket)
        if user.sockets or self.users.get(user.id) is not user:
            return False
        del self.users[user.id]
        for room_id in user.rooms:
            _discard(self._members, room_id, user)
        return True

    def know(self, user: LocalUser, person: Person) -> None:
        """The user is in exactly the person's rooms; their sockets leave the others."""
        for room_id in user.rooms - person.rooms:
            _discard(self._members, room_id, user)
            for socket in user.sockets:
                if self.leave(socket, room_id):
                    socket.removed_from |= {room_id}
        for room_id in person.rooms - user.rooms:
            self._members.setdefault(room_id, set()).add(user)
        user.person = person

    def join(self, socket: Socket, room_id: UUID) -> bool:
        """The socket listens to a room from now on; False if its user isn't in it."""
        if room_id not in socket.user.rooms:
            return False
        socket.joined.add(room_id)
        socket.removed_from -= {room_id}
        socket.rejoining -= {room_id}
        self._joined.setdefault(room_id, set()).add(socket)
        return True

    def leave(self, socket: Socket, room_id: UUID) -> bool:
        """The socket listens to a room no more; whether it did."""
        had_joined = room_id in socket.joined
        socket.joined.discard(room_id)
        if had_joined or room_id in socket.rejoining:
            socket.rejoining -= {room_id}
            _discard(self._joined, room_id, socket)
        return had_joined

    def await_rejoining(self, socket: Socket, rooms: frozenset[UUID]) -> None:
        """The socket listens to these rooms, and those it has joined, but to no others."""
        for room_id in socket.rejoining - rooms:
            _discard(self._joined, room_id, socket)
        for room_id in rooms:
            self._joined.setdefault(room_id, set()).add(socket)
        socket.rejoining = rooms - socket.joined

    def hears(self, room_id: UUID) -> bool:
        """Whether anybody here is in the room."""
        return room_id in self._members

    def audience(self, envelope: Envelope) -> Iterable[Socket]:
        """The sockets an envelope is meant for."""
        match envelope.scope, envelope.subject:
            case "user", UUID() as user_id:
                user = self.users.get(user_id)
                sockets = user.sockets if user else ()
                return [s for s in sockets if s.id == envelope.only] if envelope.only else sockets
            case "joined", UUID() as room_id:
                return [s for s in self._joined.get(room_id, ()) if s.user.id != envelope.but]
            case "members", UUID() as room_id:
                return _of(self._members.get(room_id, ()), envelope.but)
            case "sharing", _:
                return _of(self._in_any(envelope.rooms) - self._in_any(envelope.beyond), envelope.but)
        return ()

    def _in_any(self, rooms: Iterable[UUID]) -> set[LocalUser]:
        return set().union(*(self._members.get(room_id, ()) for room_id in rooms))


def _of(users: Iterable[LocalUser], but: UUID | None) -> Iterator[Socket]:
    return (socket for user in users if user.id != but for socket in user.sockets)


def _discard(groups: dict[UUID, set[Item]], room_id: UUID, item: Item) -> None:
    """Take an item from a group; an empty group goes."""
    if group := groups.get(room_id):
        group.discard(item)
        if not group:
            del groups[room_id]
