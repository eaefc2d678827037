"""E5-E7 on the bus: what it holds of who is where."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

from django.conf import settings

from core.realtime import Bus
from core.realtime.presence import Person, Presence

LEASE = 60_000


def play(test: Callable[[Presence, Presence], Awaitable[None]]) -> None:
    """With two processes on the bus."""

    async def main() -> None:
        bus = Bus(settings.REDIS_URL)
        try:
            await test(Presence(bus, uuid4().hex, LEASE), Presence(bus, uuid4().hex, LEASE))
        finally:
            await bus.close()

    asyncio.run(main())


def test_a_second_process_may_know_of_more_rooms() -> None:
    old, new = uuid4(), uuid4()
    anna = Person(uuid4(), "Anna", frozenset({old}))

    async def test(dead: Presence, alive: Presence) -> None:
        await dead.arrive(anna)
        await alive.arrive(replace(anna, rooms=frozenset({new})))
        assert (await alive.online_in([new])).ids == {anna.id}
        assert (await alive.online_in([old])).ids == set()
        await dead.leave(anna.id)
        assert (await alive.online_in([new])).ids == {anna.id}
        await alive.leave(anna.id)
        assert (await alive.online_in([old, new])).ids == set()

    play(test)


def test_a_list_of_many_rooms_names_each_once() -> None:
    rooms = frozenset(uuid4() for _ in range(2500))
    anna = Person(uuid4(), "Anna", rooms)

    async def test(here: Presence, _: Presence) -> None:
        await here.arrive(anna)
        before = await here.online_in(rooms)
        assert before.ids == {anna.id}
        await here.leave(anna.id)
        after = await here.online_in(rooms)
        assert after.ids == set()
        assert after.order > before.order

    play(test)
