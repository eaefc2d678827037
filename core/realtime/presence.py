"""Who is online: anyone with a socket in a process whose lease runs.

The scripts change the state and announce it in one step, so each change is said exactly once,
by whichever process makes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from core.realtime import presence_scripts
from core.realtime.audience import Sharing
from core.realtime.bus import Bus
from core.realtime.envelope import order_of, seal
from core.realtime.events import UserStatusChanged

_SWEEP_BATCH = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Someone online and the rooms whose members hear of it."""

    id: UUID
    full_name: str
    rooms: frozenset[UUID]

    def now_in(self, rooms: frozenset[UUID]) -> "Person":
        """The same person in other rooms."""
        return self if rooms == self.rooms else replace(self, rooms=rooms)


class Online(NamedTuple):
    """Who is online, changes up to the one of this order included."""

    order: tuple[int, int]
    ids: set[UUID]


class Presence:
    """The presence of one process's users. lease: milliseconds until a silent process is dead."""

    def __init__(self, bus: Bus, process_id: str, lease: int) -> None:
        self._bus = bus
        self._process = process_id
        self._lease = lease

    async def renew(self) -> bool:
        """Prolong the process's lease. False if it had ended: then all its users must arrive."""
        return bool(await self._bus.run(presence_scripts.RENEW, (), [self._process, self._lease]))

    async def arrive(self, person: Person) -> None:
        """The person has a socket here, and is in these rooms now. Safe to repeat.

        Those who share a room hear it if it is the first socket, or only now share one.
        """
        header, hello, goodbye = _announcements(person)
        who = [self._process, str(person.id), _joined(person.rooms)]
        await self._bus.run(presence_scripts.ARRIVE, (), [*who, header, hello, goodbye])

    async def leave(self, user_id: UUID) -> None:
        """The person's last socket here has closed; the same hear it if it was the last of all."""
        await self._bus.run(presence_scripts.LEAVE, (), [self._process, str(user_id)])

    async def sweep(self) -> None:
        """Take leave for the users of processes that died."""
        while await self._bus.run(presence_scripts.SWEEP, (), [_SWEEP_BATCH]) >= 0:
            pass

    async def online_in(self, rooms: Iterable[UUID]) -> Online:
        """Who is online among the members of these rooms."""
        last, *members = await self._bus.run(presence_scripts.ONLINE, [f"rt:here:{room}" for room in rooms])
        return Online(order_of(last.decode()), {UUID(member.decode()) for member in members})

    async def recorded(self) -> set[UUID]:
        """Whom the bus counts as having a socket here."""
        members = await self._bus.union([f"rt:process:{self._process}"])
        return {UUID(member.decode()) for member in members}


def _announcements(person: Person) -> tuple[bytes, bytes, bytes]:
    """The header, and the texts of coming and going."""
    to = Sharing(tuple(sorted(person.rooms)), but=person.id)
    texts = [
        seal(UserStatusChanged(user_id=person.id, full_name=person.full_name, status=status), to)
        for status in ("online", "offline")
    ]
    return texts[0].header, texts[0].rest, texts[1].rest


def _joined(rooms: Iterable[UUID]) -> str:
    return " ".join(map(str, rooms))
