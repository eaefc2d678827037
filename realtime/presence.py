"""Keeps what the bus says of this process's users in step with the sockets it holds."""

import asyncio
from collections.abc import Callable
from uuid import UUID
from weakref import WeakValueDictionary

from core.realtime.presence import Person, Presence


class PresenceKeeper:
    """Says who came and who went, a person at a time in order, until the bus agrees.

    wanted(user_id) is the person as they are here now; None without a socket here. on_forgotten()
    is called when the bus doesn't know this process any more.
    """

    def __init__(
        self,
        presence: Presence,
        wanted: Callable[[UUID], Person | None],
        on_forgotten: Callable[[], None],
    ) -> None:
        self._presence = presence
        self._wanted = wanted
        self._on_forgotten = on_forgotten
        self._declared: dict[UUID, Person] = {}
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, user_id: UUID) -> None:
        """Tell the bus what has changed of a person. BusUnavailable leaves it to `keep`."""
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        async with lock:
            wanted, declared = self._wanted(user_id), self._declared.get(user_id)
            if wanted == declared:
                return
            if wanted is None:
                await self._presence.leave(user_id)
                self._declared.pop(user_id, None)
                return
            if declared is None:
                await self._presence.arrive(wanted)
            else:
                await self._presence.move(wanted)
            self._declared[user_id] = wanted

    async def keep(self, present: list[UUID]) -> None:
        """Prolong the lease, mend what differs, and take leave for the users of dead processes."""
        if not await self._presence.renew():
            self._on_forgotten()
            recorded = await self._presence.recorded()
            self._declared = {user_id: Person(user_id, "", frozenset()) for user_id in recorded}
        for user_id in {*present, *self._declared}:
            if self._wanted(user_id) != self._declared.get(user_id):
                await self.settle(user_id)
        await self._presence.sweep()
