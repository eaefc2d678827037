"""E20: what the bus remembers of who listened where, whatever happens to processes and to the bus."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from redis import Redis

from core.accounts.models import User
from core.realtime import scripts
from core.realtime.audience import Process
from core.realtime.presence import Person
from realtime.listening import Listening
from realtime.registry import Registry
from tests.cast import make_user
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.rooms import make_room


def joined(phone: Phone, user: User) -> Phone:
    phone.wait("presence_snapshot")
    phone.ask(type="join_room", room_id=str(make_room(user).id))
    return phone


def remembered(bus: Redis, user: User) -> list[str]:
    return cast("list[str]", bus.hvals(f"rt:joined:{user.id}"))


def goes_on(bus: Redis, user: User) -> bool:
    """Also after a lease that ended too early, on a busy machine."""
    [since] = remembered(bus, user)
    return since.startswith("@") and bus.ttl(f"rt:joined:{user.id}") == -1


def test_what_a_killed_process_said_ends_and_goes(
    start: Callable[..., Realtime], other_realtime: Realtime, bus: Redis
) -> None:
    anna, process = make_user(), start(PRESENCE_TTL="5")
    with process.client(anna) as phone:
        joined(phone, anna)
        eventually(lambda: goes_on(bus, anna), "the bus knows of it")
        process.kill()
        eventually(lambda: not goes_on(bus, anna), "another process ends it")
    [end] = remembered(bus, anna)
    assert end.partition("-")[0].isdigit()
    seconds: Any = bus.ttl(f"rt:joined:{anna.id}")
    assert 0 < seconds <= scripts.LOG_SECONDS


def test_it_is_said_again_to_a_bus_that_forgot(realtime: Realtime, bus: Redis) -> None:
    anna = make_user()
    with realtime.client(anna) as phone:
        joined(phone, anna)
        [listening] = remembered(bus, anna)
        bus.delete(f"rt:joined:{anna.id}")
        bus.zrem("rt:processes", listening[1:])
        eventually(lambda: remembered(bus, anna) == [listening], "it is said again")


class SlowBus:
    """Takes each word when the test lets it."""

    def __init__(self, *words: str) -> None:
        self.known: dict[str, str] = {}
        self.lets = {word: asyncio.Event() for word in words}

    async def run(self, script: str, keys: list[str], arguments: list[str]) -> None:
        word, *places = arguments
        await self.lets[word].wait()
        self.known |= dict.fromkeys(places, word)


def test_joining_again_at_the_last_moment() -> None:
    """That the time for it is over isn't the last word on the room."""

    async def main() -> None:
        bus, registry, room_id = SlowBus("@me", "7-7"), Registry(), uuid4()
        listening = Listening(cast("Any", bus), Process("me"), lambda: "7-7")
        socket = registry.add(cast("Any", SimpleNamespace(is_open=True)), uuid4(), uuid4())
        registry.know(socket.user, Person(socket.user.id, "Anna", frozenset({room_id})))
        registry.await_rejoining(socket, frozenset({room_id}))

        async def join() -> None:
            await listening.begin(socket, room_id)
            registry.join(socket, room_id)

        joining = asyncio.create_task(join())
        await asyncio.sleep(0)
        ending = asyncio.create_task(listening.end_rejoining(socket, frozenset({room_id})))
        await asyncio.sleep(0)
        bus.lets["@me"].set()
        await joining
        bus.lets["7-7"].set()
        await ending
        assert list(bus.known.values()) == ["@me"]

    asyncio.run(main())
