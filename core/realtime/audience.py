"""Who is to hear an event. The action that makes the event chooses."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Users:
    """Every socket of these people."""

    ids: tuple[UUID, ...]

    @classmethod
    def of(cls, *ids: UUID) -> "Users":
        return cls(ids)


@dataclass(frozen=True, slots=True)
class Device:
    """One socket of a person's."""

    user_id: UUID
    socket_id: UUID


@dataclass(frozen=True, slots=True)
class Joined:
    """The sockets that joined the room; `but` is a person left out."""

    room_id: UUID
    but: UUID | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Every socket of the room's members, joined or not; `but` is a person left out."""

    room_id: UUID
    but: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """Everyone who is in at least one of these rooms, once each; `but` is a person left out.

    Who is in one of `beyond` as well is left out, too.
    """

    room_ids: tuple[UUID, ...]
    but: UUID | None = None
    beyond: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """One realtime process itself."""

    id: str


Audience = Users | Device | Joined | Members | Sharing | Process
