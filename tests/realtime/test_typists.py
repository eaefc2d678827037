"""E11: who is taken out of a room types there no more, before any silence could tell."""

import asyncio
from typing import Any, cast
from uuid import UUID, uuid4

import orjson
import pytest

from core.realtime.presence import Person
from realtime.people import People
from realtime.presence import PresenceKeeper
from realtime.registry import LocalUser, Registry, Socket
from realtime.typists import Typists


class Bus:
    """Takes what is published."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []

    async def run(self, script: str, keys: list[str], arguments: list[Any]) -> None:
        event = orjson.loads(b"{" + arguments[-1])
        self.told.append((event["room"], event["is_typing"]))


class Quiet:
    """A subscription that hears everything, and a presence that nobody looks at."""

    def hears_all(self, channels: object) -> bool:
        return True

    def drop(self, channels: object) -> None:
        pass

    async def arrive(self, person: Person) -> None:
        pass


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


async def nobody_met(user: LocalUser) -> None:
    pass


def typist(registry: Registry, *rooms: UUID) -> Socket:
    socket = registry.add(cast("Any", object()), uuid4(), uuid4())
    registry.know(socket.user, Person(socket.user.id, "Lina", frozenset(rooms)))
    for room_id in rooms:
        registry.join(socket, room_id)
    return socket


def test_e11_taken_out_while_typing() -> None:
    async def main() -> list[tuple[str, bool]]:
        bus, quiet, registry = Bus(), cast("Any", Quiet()), Registry()
        typists = Typists(cast("Any", bus))
        keeper = PresenceKeeper(quiet, registry.person, lambda: None)
        people = People(registry, quiet, keeper, typists, nobody_met)
        gone, kept = uuid4(), uuid4()
        socket = typist(registry, gone, kept)
        await typists.say(socket, gone, "Tax", True)
        await typists.say(socket, kept, "VAT", True)
        people.take_out([socket.user], gone)
        await typists.stop_outside([socket.user])
        return bus.told

    assert asyncio.run(main()) == [("Tax", True), ("VAT", True), ("Tax", False)]
