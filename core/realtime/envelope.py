"""How an event travels: a JSON header that only the processes read, a line feed, the frame's text.

The header says which of the channel's sockets are meant. The bus puts the event_id first into the
text, so the text is encoded once and never parsed on its way.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple
from uuid import UUID

import orjson
from pydantic_core import to_json

from core.realtime.audience import Audience, Device, Joined, Members, Process, Sharing, Users
from core.realtime.control import Control
from core.realtime.events import Event

EVERYONE = "rt:all"
_ID_STARTS = len('{"event_id":"')

Scope = Literal["user", "joined", "members", "sharing", "process"]
_NO_SUBJECT = ("sharing", "process")


class Envelope(NamedTuple):
    """A message as it came over the bus. subject is the channel's user or room, if it has one.

    but is a person left out, only the one socket that is meant of a user's. Of rooms' members,
    those of the rooms beyond are left out.
    """

    scope: Scope
    subject: UUID | None
    control: bool
    but: UUID | None
    rooms: tuple[UUID, ...]
    text: bytes
    only: UUID | None = None
    beyond: tuple[UUID, ...] = ()

    @property
    def event_id(self) -> str:
        return event_id_of(self.text)

    @property
    def order(self) -> tuple[int, int]:
        """The event_id, comparable."""
        return order_of(self.event_id)


class Outgoing(NamedTuple):
    """What the bus is asked to publish: one text to some channels."""

    channels: list[str]
    header: bytes
    rest: bytes
    kept: bool


def user_channel(user_id: UUID) -> str:
    return f"rt:user:{user_id}"


def room_channel(room_id: UUID) -> str:
    return f"rt:room:{room_id}"


def process_channel(process_id: str) -> str:
    return f"rt:self:{process_id}"


def order_of(event_id: str) -> tuple[int, int]:
    """An event_id that the bus gave, comparable."""
    milliseconds, _, number = event_id.partition("-")
    return int(milliseconds), int(number)


def event_id_of(text: bytes) -> str:
    """The event_id the bus put into a text."""
    return text[_ID_STARTS : text.index(b'"', _ID_STARTS)].decode()


def seal(event: Event | Control, to: Audience) -> Outgoing:
    """An event for an audience, encoded."""
    header: dict[str, object] = {"to": _scope(to)}
    if isinstance(event, Control):
        header["control"] = True
    if isinstance(to, Joined | Members | Sharing) and to.but is not None:
        header["but"] = to.but
    if isinstance(to, Device):
        header["only"] = to.socket_id
    if isinstance(to, Sharing):
        header["rooms"] = to.room_ids
        header["beyond"] = to.beyond
    kept = isinstance(event, Event) and event.kept
    return Outgoing(list(_channels(to)), orjson.dumps(header), to_json(event)[1:], kept)


def unseal(channel: bytes, payload: bytes) -> Envelope:
    """What `seal` made of an event, after the bus has given it an id."""
    head, _, text = payload.partition(b"\n")
    header = orjson.loads(head)
    but, only = header.get("but"), header.get("only")
    scope = header["to"]
    return Envelope(
        scope=scope,
        subject=None if scope in _NO_SUBJECT else UUID(channel.decode().rpartition(":")[2]),
        control="control" in header,
        but=UUID(but) if but else None,
        rooms=tuple(map(UUID, header.get("rooms", ()))),
        text=text,
        only=UUID(only) if only else None,
        beyond=tuple(map(UUID, header.get("beyond", ()))),
    )


def _scope(to: Audience) -> Scope:
    match to:
        case Users() | Device():
            return "user"
        case Joined():
            return "joined"
        case Members():
            return "members"
        case Sharing():
            return "sharing"
        case Process():
            return "process"


def _channels(to: Audience) -> Iterator[str]:
    match to:
        case Users(ids):
            yield from map(user_channel, ids)
        case Device(user_id):
            yield user_channel(user_id)
        case Joined(room_id) | Members(room_id):
            yield room_channel(room_id)
        case Sharing():
            yield EVERYONE
        case Process(process_id):
            yield process_channel(process_id)
