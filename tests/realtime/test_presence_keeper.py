"""E5 and E6: whatever the bus does with what it is told, it agrees with the sockets in the end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from core.realtime.bus import BusUnavailable
from core.realtime.presence import Person
from realtime.presence import PresenceKeeper

ANNA = Person(uuid4(), "", frozenset())


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


class Keeping:
    """A keeper, those with a socket here, and a bus that takes what it is told but may not answer."""

    def __init__(self) -> None:
        self.here: dict[UUID, Person] = {}
        self.online: dict[UUID, Person] = {}
        self.answers = self.is_known = True
        self.forgotten = 0
        self.keeper = PresenceKeeper(cast("Any", self), self.here.get, self.forget)

    def forget(self) -> None:
        self.forgotten += 1

    async def renew(self) -> bool:
        return self.is_known

    async def recorded(self) -> set[UUID]:
        return set(self.online)

    async def arrive(self, person: Person) -> None:
        self.online[person.id] = person
        self.answer()

    async def leave(self, user_id: UUID) -> None:
        self.online.pop(user_id, None)
        self.answer()

    async def sweep(self) -> None:
        """Nobody else died."""

    def answer(self) -> None:
        if not self.answers:
            raise BusUnavailable

    async def keep(self) -> None:
        await self.keeper.keep(list(self.here))


def play(test: Callable[[Keeping], Awaitable[None]]) -> None:
    asyncio.run(cast("Any", test(Keeping())))


def test_back_after_a_leave_that_was_not_answered() -> None:
    async def test(all_of_it: Keeping) -> None:
        all_of_it.here[ANNA.id] = ANNA
        await all_of_it.keeper.settle(ANNA.id)
        assert all_of_it.online == {ANNA.id: ANNA}
        del all_of_it.here[ANNA.id]
        all_of_it.answers = False
        with suppress(BusUnavailable):
            await all_of_it.keeper.settle(ANNA.id)
        all_of_it.here[ANNA.id] = ANNA
        all_of_it.answers = True
        await all_of_it.keeper.settle(ANNA.id)
        assert all_of_it.online == {ANNA.id: ANNA}

    play(test)


def test_gone_after_an_arrival_that_was_not_answered() -> None:
    async def test(all_of_it: Keeping) -> None:
        all_of_it.here[ANNA.id] = ANNA
        all_of_it.answers = False
        with suppress(BusUnavailable):
            await all_of_it.keeper.settle(ANNA.id)
        del all_of_it.here[ANNA.id]
        all_of_it.answers = True
        await all_of_it.keep()
        assert all_of_it.online == {}

    play(test)


def test_a_bus_that_forgot_the_process() -> None:
    """It may hold people from before; and whoever comes while it is asked stays."""

    async def test(all_of_it: Keeping) -> None:
        badr, gone = (Person(uuid4(), name, frozenset()) for name in ("Badr", "Gone"))
        all_of_it.online = {gone.id: gone}
        all_of_it.here[badr.id] = badr
        all_of_it.is_known = False
        await asyncio.gather(all_of_it.keep(), come(all_of_it, ANNA))
        assert all_of_it.online == {badr.id: badr, ANNA.id: ANNA}
        assert all_of_it.forgotten == 1

    async def come(all_of_it: Keeping, person: Person) -> None:
        all_of_it.here[person.id] = person
        await all_of_it.keeper.settle(person.id)

    play(test)
