"""Who is online, told in order with the changes: neither may undo the other on its way."""

import asyncio
from collections.abc import Callable, Iterable
from uuid import UUID
from weakref import WeakValueDictionary

import orjson

from core.realtime.envelope import Envelope
from core.realtime.presence import Presence
from realtime.frames import PresenceListed, encode
from realtime.outbox import Outbox
from realtime.registry import LocalUser, Socket

_NEVER = (0, 0)


class Snapshots:
    """Asks who is online; what changes meanwhile follows the answer, unless it is part of it."""

    def __init__(self, presence: Presence, outbox: Outbox, position: Callable[[], str]) -> None:
        self._presence = presence
        self._outbox = outbox
        self._position = position
        self._held: dict[Socket, list[Envelope]] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def tell(self, user: LocalUser, sockets: Iterable[Socket]) -> None:
        """Tell sockets of a user who is online of those who share a room. BusUnavailable."""
        turn = self._turns.setdefault(user.id, asyncio.Lock())
        async with turn:
            asking, known = list(sockets), _NEVER
            self._held.update({socket: [] for socket in asking})
            try:
                online = await self._presence.online_in(user.rooms)
                known = online.order
                listed = PresenceListed(event_id=self._position(), online=sorted(online.ids - {user.id}))
                self._outbox.add(encode(listed), asking)
            finally:
                for socket in asking:
                    self._let_go(socket, known)

    def hold(self, envelope: Envelope, audience: Iterable[Socket]) -> Iterable[Socket]:
        """Keep a change of presence for those of its audience that await a snapshot; the others."""
        if envelope.scope != "sharing" or not self._held:
            return audience
        sockets = set(audience)
        for socket in sockets & self._held.keys():
            self._held[socket].append(envelope)
        return sockets - self._held.keys()

    def _let_go(self, socket: Socket, known: tuple[int, int]) -> None:
        """Tell what has changed since, under the last id: the socket has heard all before that."""
        for envelope in self._held.pop(socket):
            if envelope.order > known:
                event = {**orjson.loads(envelope.text), "event_id": self._position()}
                self._outbox.write(orjson.dumps(event), socket.connection)
