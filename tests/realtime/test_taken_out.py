"""D6: who is taken out of a room at the very moment of something else is out of it."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from core.realtime.audience import Members
from core.realtime.control import RoomsChanged
from core.realtime.envelope import Envelope, seal
from core.realtime.presence import Person
from realtime import handlers, people
from realtime.errors import FrameError
from realtime.frames import ClientFrame, JoinRoom, Typing
from realtime.hub import Hub
from realtime.registry import Registry, Socket


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


def socket_in(registry: Registry, *rooms: UUID) -> Socket:
    socket = registry.add(cast("Any", object()), uuid4(), uuid4())
    registry.know(socket.user, Person(socket.user.id, "Lina", frozenset(rooms)))
    return socket


def audience_of(registry: Registry, room_id: UUID) -> list[Socket]:
    return list(registry.audience(Envelope("joined", room_id, False, None, (), b"")))


class Desk:
    """What the handlers use of a hub; nothing of it takes long but what a test says."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.people = self.listening = self.typists = self
        self.room_id = uuid4()
        self.socket = socket_in(self.registry, self.room_id)
        self.typed = False

    async def hear_room(self, *_: object) -> None:
        """It is heard."""

    async def begin(self, *_: object) -> None:
        self.take_out()

    async def say(self, *_: object) -> None:
        self.typed = True

    def take_out(self) -> None:
        self.registry.know(self.socket.user, Person(self.socket.user.id, "Lina", frozenset()))

    def refusal_of(self, frame: ClientFrame) -> str:
        with pytest.raises(FrameError) as refused:
            asyncio.run(cast("Any", handlers.carry_out(cast("Any", self), self.socket, frame)))
        return refused.value.text


def database(monkeypatch: pytest.MonkeyPatch, room_id: UUID, meanwhile: Callable[[], None]) -> None:
    """Answers that one is in the room; by then something else has happened."""

    async def in_database(*_: object) -> SimpleNamespace:
        meanwhile()
        return SimpleNamespace(id=room_id, name="Tax")

    monkeypatch.setattr(handlers, "in_database", in_database)


def test_while_joining(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    database(monkeypatch, desk.room_id, lambda: None)
    frame = JoinRoom(type="join_room", room_id=desk.room_id)
    assert desk.refusal_of(frame) == "Not authorized to join this room"
    assert audience_of(desk.registry, desk.room_id) == []
    assert desk.socket.joined == set()


def test_while_beginning_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.registry.join(desk.socket, desk.room_id)
    database(monkeypatch, desk.room_id, desk.take_out)
    frame = Typing(type="typing", room_id=desk.room_id, is_typing=True)
    assert desk.refusal_of(frame) == "Unauthorized to send messages."
    assert not desk.typed


def test_by_the_end_of_a_room_while_rooms_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before the room's end, and comes after the news of it, isn't believed."""

    async def main() -> None:
        hub, room_id, looked = Hub(settings.REDIS_URL, 60.0), uuid4(), asyncio.Event()
        socket = socket_in(hub.registry, room_id)
        user = socket.user
        answers = [frozenset[UUID](), frozenset({room_id})]

        async def in_database(*_: object) -> dict[UUID, frozenset[UUID]]:
            rooms = answers.pop()
            if answers:
                await looked.wait()
            return {user.id: rooms}

        monkeypatch.setattr(people, "in_database", in_database)
        looking = asyncio.create_task(hub.people.look_again([user]))
        await asyncio.sleep(0)
        [channel], header, rest, _ = seal(RoomsChanged(left=room_id), Members(room_id))
        hub._hear(channel.encode(), header + b'\n{"event_id":"1-1",' + rest)
        looked.set()
        await looking
        assert user.rooms == frozenset()
        await hub.stop()

    asyncio.run(main())
