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
        # What the bus was told last of each; None where it isn't known whether it has taken it.
        self._declared: dict[UUID, Person | None] = {}
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, user_id: UUID) -> None:
        """Tell the bus what has changed of a person. BusUnavailable leaves it to `keep`."""
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        async with lock:
            if self._agrees(user_id):
                return
            wanted = self._wanted(user_id)
            self._declared[user_id] = None
            if wanted is None:
                await self._presence.leave(user_id)
                self._declared.pop(user_id, None)
            else:
                await self._presence.arrive(wanted)
                self._declared[user_id] = wanted

    async def keep(self, present: list[UUID]) -> None:
        """Prolong the lease, mend what differs, and take leave for the users of dead processes."""
        if not await self._presence.renew():
            self._on_forgotten()
            self._declared = dict.fromkeys(await self._presence.recorded())
        for user_id in {*present, *self._declared}:
            if not self._agrees(user_id):
                await self.settle(user_id)
        await self._presence.sweep()

    def _agrees(self, user_id: UUID) -> bool:
        """Whether the bus is known to say of a person what is so."""
        wanted = self._wanted(user_id)
        if user_id not in self._declared:
            return wanted is None
        return wanted is not None and wanted == self._declared[user_id]
