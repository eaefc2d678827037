"""Who has sockets in this process, and what they are in: kept in step with the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import ParamSpec, TypeVar
from uuid import UUID

from core.accounts.tokens import Claims
from core.chat.queries import rooms_of
from core.errors import Unavailable
from core.realtime.bus import BusUnavailable
from core.realtime.envelope import room_channel, user_channel
from core.realtime.presence import Person
from core.realtime.subscription import Subscription
from realtime.database import in_database
from realtime.expiry import UNAUTHORIZED
from realtime.presence import PresenceKeeper
from realtime.protocol import Connection
from realtime.registry import LocalUser, Registry, Socket
from realtime.sessions import Newcomer, Seat, ended_sessions, session_opener
from realtime.typists import Typists

logger = logging.getLogger(__name__)

_RETRY = 1.0
_LONGEST_WAIT = 5.0
_BATCH = 500

P = ParamSpec("P")
R = TypeVar("R")


class People:
    """Lets sockets in and out, and looks rooms up again when they have changed.

    on_meeting(user) is called when a user has come into rooms whose members may be new to them.
    """

    def __init__(
        self,
        registry: Registry,
        subscription: Subscription,
        presence: PresenceKeeper,
        typists: Typists,
        on_meeting: Callable[[LocalUser], Awaitable[None]],
    ) -> None:
        self._registry = registry
        self._subscription = subscription
        self._typists = typists
        self._on_meeting = on_meeting
        self._presence = presence
        self._sessions = session_opener()

    async def enter(self, connection: Connection, claims: Claims) -> Socket:
        """A socket of the claims' user, hearing all that concerns them.

        BadToken or InactiveAccount if they may not connect, Unavailable if that can't be known.
        """
        socket = self._registry.add(connection, claims.user_id, claims.session_id)
        user = socket.user
        try:
            # Before the look: whatever changes after it is then heard.
            await self._hear([user_channel(user.id)])
            version = user.version
            person = await self._sessions.ask(Newcomer(socket.id, claims))
            if user.person is None or version == user.version:
                await self._know(user, person)
            if version != user.version:
                await self.look_again([user])
        except BaseException:
            await self.leave(socket)
            raise
        return socket

    async def leave(self, socket: Socket) -> None:
        """The socket has closed."""
        user = socket.user
        if self._registry.remove(socket):
            self._subscription.drop([user_channel(user.id)])
            self._drop(user.rooms)
            await self._settle(user.id)

    async def look_again(self, users: Collection[LocalUser]) -> None:
        """These users' rooms may have changed. What changes meanwhile is looked up by another."""
        asked = {user: user.version for user in users}
        known = list(asked)
        for start in range(0, len(known), _BATCH):
            batch = known[start : start + _BATCH]
            rooms = await _ask(rooms_of, *(user.id for user in batch))
            for user in batch:
                if user.person and user.sockets and asked[user] == user.version:
                    await self._learn(user, user.person.now_in(rooms[user.id]))

    async def look_at_sessions(self) -> None:
        """Close the sockets whose session, or account, may have ended unheard, if it has."""
        sockets = self._registry.sockets
        for start in range(0, len(sockets), _BATCH):
            seats = {s: Seat(s.user.id, s.session_id) for s in sockets[start : start + _BATCH]}
            ended = await _ask(ended_sessions, list(seats.values()))
            for socket, seat in seats.items():
                if (error := ended.get(seat)) and seat.session_id == socket.session_id:
                    socket.connection.end(UNAUTHORIZED, error.message)

    async def hear_room(self, user: LocalUser, room_id: UUID) -> None:
        """The user is in a room that may be news here: hear it."""
        if room_id not in user.rooms:
            user.version += 1
            await self.look_again([user])
        if room_id in user.rooms:
            await self._hear([room_channel(room_id)])

    def take_out(self, users: Iterable[LocalUser], room_id: UUID) -> None:
        """These users hear nothing of the room from this moment; to be looked up again."""
        for user in users:
            if user.person and room_id in user.rooms:
                self._registry.know(user, user.person.now_in(user.rooms - {room_id}))
        self._drop([room_id])

    async def _know(self, user: LocalUser, person: Person) -> None:
        before, is_new = user.rooms, user.person is None
        self._registry.know(user, person)
        self._drop(before - person.rooms)
        await self._hear([room_channel(room_id) for room_id in person.rooms - before])
        await self._settle(user.id)
        if before - person.rooms:
            await self._typists.stop_outside([user])
        if person.rooms - before and not is_new:
            await self._on_meeting(user)

    async def _learn(self, user: LocalUser, person: Person) -> None:
        """Know it, even if the new rooms can only be heard once the bus is back."""
        try:
            await self._know(user, person)
        except Unavailable:
            logger.warning("New rooms of %s will be heard later", user.id)

    async def _hear(self, channels: Collection[str]) -> None:
        """Return once these channels are heard; Unavailable if that takes too long."""
        if self._subscription.hears_all(channels):
            return
        try:
            async with asyncio.timeout(_LONGEST_WAIT):
                await self._subscription.want(channels)
        except TimeoutError:
            raise Unavailable from None

    async def _settle(self, user_id: UUID) -> None:
        try:
            await self._presence.settle(user_id)
        except BusUnavailable:
            logger.warning("The presence of %s will be told later", user_id)

    def _drop(self, rooms: Collection[UUID]) -> None:
        unheard = (room_id for room_id in rooms if not self._registry.hears(room_id))
        self._subscription.drop(map(room_channel, unheard))


async def _ask(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the database answers, as soon as it does."""
    while True:
        try:
            return await in_database(question, *args, **kwargs)
        except Unavailable:
            await asyncio.sleep(_RETRY)
