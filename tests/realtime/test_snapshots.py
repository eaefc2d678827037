"""E7: a list of those online never undoes a change that was told while it was on its way."""

import asyncio
from typing import Any, cast
from uuid import UUID, uuid4

import orjson
import pytest

from core.errors import TransientError
from core.realtime.envelope import Envelope
from core.realtime.presence import Online, Person
from realtime.outbox import Outbox
from realtime.registry import Registry, Socket
from realtime.snapshots import Snapshots

ROOM, ANNA = uuid4(), uuid4()


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


class Wire:
    """A connection: the frames written to it, each shorter than 126 bytes or 64 KiB."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def write(self, frames: bytes) -> None:
        for text in (part for part in frames.split(b'{"event_id"') if b"}" in part):
            frame = orjson.loads(b'{"event_id"' + text[: text.rindex(b"}") + 1])
            self.told.append((frame.get("status", "snapshot"), frame["event_id"]))


class SlowPresence:
    """Answers once it is let."""

    def __init__(self, order: tuple[int, int]) -> None:
        self.order = order
        self.answers = asyncio.Event()
        self.fails = False

    async def online_in(self, rooms: object) -> Online:
        await self.answers.wait()
        if self.fails:
            raise TransientError
        return Online(self.order, {ANNA})


def change(number: int, status: str) -> Envelope:
    text = orjson.dumps({"event_id": f"5-{number}", "status": status})
    return Envelope("sharing", None, False, ANNA, (ROOM,), text)


def listener(registry: Registry) -> tuple[Socket, Wire]:
    wire, user_id = Wire(), UUID(int=7)
    socket = registry.add(cast("Any", wire), user_id, uuid4())
    registry.know(socket.user, Person(user_id, "Badr", frozenset({ROOM})))
    return socket, wire


async def told(fails: bool) -> list[tuple[str, str]]:
    presence, outbox, registry = SlowPresence(order=(5, 2)), Outbox(), Registry()
    presence.fails = fails
    snapshots = Snapshots(cast("Any", presence), outbox, lambda: "5-3")
    socket, wire = listener(registry)
    telling = asyncio.create_task(snapshots.tell(socket.user, [socket]))
    await asyncio.sleep(0)
    for number, status in ((1, "offline"), (2, "online"), (3, "offline")):
        outbox.add(change(number, status).text, snapshots.hold(change(number, status), [socket]))
    presence.answers.set()
    await asyncio.gather(telling, return_exceptions=True)
    outbox.add(change(4, "online").text, snapshots.hold(change(4, "online"), [socket]))
    await asyncio.sleep(0)
    return wire.told


def test_changes_follow_the_list_unless_they_are_in_it() -> None:
    assert asyncio.run(told(fails=False)) == [("snapshot", "5-3"), ("offline", "5-3"), ("online", "5-4")]


def test_without_a_list_the_changes_are_told() -> None:
    states = [state for state, _ in asyncio.run(told(fails=True))]
    assert states == ["offline", "online", "offline", "online"]
