"""What the realtime processes tell, or are told, about the sockets they hold. Never sent to one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Control(BaseModel):
    """Goes to an audience as an event does; the processes act on it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str


class CloseSockets(Control):
    """Close (4001) the audience's sockets: those of one session, or all but those of another."""

    type: Literal["close_sockets"] = "close_sockets"
    session_id: UUID | None = None
    keep_session_id: UUID | None = None

    def means(self, session_id: UUID) -> bool:
        """Whether a socket of this session is to be closed."""
        return session_id != self.keep_session_id and self.session_id in (None, session_id)


class RoomsChanged(Control):
    """The audience's memberships changed: look them up again. They aren't in the room `left` any more."""

    type: Literal["rooms_changed"] = "rooms_changed"
    left: UUID | None = None


class Beat(Control):
    """A process speaking to itself, to know that it hears."""

    type: Literal["beat"] = "beat"
    number: int


class Mark(Control):
    """What a process asked to be told once it has heard all that was published before."""

    type: Literal["mark"] = "mark"
    number: int


AnyControl = CloseSockets | RoomsChanged | Beat | Mark
_adapter: TypeAdapter[AnyControl] = TypeAdapter(Annotated[AnyControl, Field(discriminator="type")])


def read_control(text: bytes) -> AnyControl:
    """A control message as it came over the bus."""
    return _adapter.validate_json(text)
