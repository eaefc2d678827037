"""What clients send and what only this process answers: closed models.

A frame's type is looked up in a fixed table; nothing a client sends is ever a name of ours.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    ValidationError,
)
from pydantic_core import to_json

from core.chat import rules
from core.errors import BadToken
from realtime.errors import FrameError

Moment = Annotated[datetime, PlainSerializer(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str)]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("PostgreSQL holds no NUL")
    return text


ClientId = Annotated[
    str, Field(strict=True, min_length=1, max_length=rules.LONGEST_CLIENT_ID), AfterValidator(_storable)
]

_BAD_JSON = "Invalid JSON format received"
_LONGEST_ECHO = 64
_ROOM_ID = {"room_id": "room_id is required"}

ROOM_NOT_FOUND = "Room not found"
MAY_NOT_JOIN = "Not authorized to join this room"
NOT_IN_ROOM = "You are not in this room"
NOT_JOINED = "You must join the room first"
MAY_NOT_SEND = "Unauthorized to send messages."
NO_CONTENT = "Message content is missing"


class ClientFrame(BaseModel):
    """A frame of a client; keys it doesn't know are dropped.

    missing has the answers to fields that are missing or empty, wrong those to any other wrong value,
    refused what else it may be answered.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    missing: ClassVar[dict[str, str]]
    wrong: ClassVar[dict[str, str]]
    refused: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def errors(cls) -> list[str]:
        """Each text that its error frame may have of its own, those of the fields first."""
        return list(dict.fromkeys((*cls.missing.values(), *cls.wrong.values(), *cls.refused)))


class JoinRoom(ClientFrame):
    """Listen to a room that one is in."""

    missing = _ROOM_ID
    wrong: ClassVar = {"room_id": ROOM_NOT_FOUND}
    refused = (MAY_NOT_JOIN,)
    type: Literal["join_room"]
    room_id: UUID


class LeaveRoom(ClientFrame):
    """Cease to listen; the membership stays."""

    missing = _ROOM_ID
    wrong: ClassVar = {"room_id": NOT_IN_ROOM}
    type: Literal["leave_room"]
    room_id: UUID


class Typing(ClientFrame):
    """Begin or cease to type in a joined room; it ends by itself after 7 seconds."""

    missing = _ROOM_ID
    wrong: ClassVar = {
        "room_id": NOT_JOINED,
        "is_typing": "is_typing must be true or false",
    }
    refused = (MAY_NOT_SEND,)
    type: Literal["typing"]
    room_id: UUID
    is_typing: StrictBool


class SendMessage(ClientFrame):
    """Say something in a joined room.

    client_message_id: a name of the client's own, so that sending again stores nothing new.
    """

    missing: ClassVar = dict.fromkeys(("room_id", "content"), "room_id and content are required")
    wrong: ClassVar = {
        "room_id": NOT_JOINED,
        "content": "room_id and content are required",
        "client_message_id": f"client_message_id must be a text of 1 to {rules.LONGEST_CLIENT_ID} characters",
    }
    refused = (NO_CONTENT, MAY_NOT_SEND, *rules.CONTENT_ERRORS)
    type: Literal["send_message"]
    room_id: UUID
    # The longest is looked at where it has words of its own; here it is only said.
    content: Annotated[
        str, Field(strict=True, min_length=1, json_schema_extra={"maxLength": rules.LONGEST_MESSAGE})
    ]
    client_message_id: ClientId | None = None


class Authenticate(ClientFrame):
    """A newer access token of the same user: the socket lives as long as it does."""

    missing: ClassVar = {"token": "token is required"}
    wrong: ClassVar = {"token": "token is required"}
    refused = (BadToken.default,)
    type: Literal["authenticate"]
    token: Annotated[str, Field(strict=True, min_length=1)]


CLIENT_FRAMES: dict[str, type[ClientFrame]] = {
    "join_room": JoinRoom,
    "leave_room": LeaveRoom,
    "send_message": SendMessage,
    "typing": Typing,
    "authenticate": Authenticate,
}


class Reply(BaseModel):
    """An answer to one frame, or news of the socket itself; what is None isn't said."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class RoomJoined(Reply):
    """The socket listens to the room."""

    type: Literal["room_joined"] = "room_joined"
    room_id: UUID
    room_name: str


class RoomLeft(Reply):
    """The socket listens to the room no more."""

    type: Literal["room_left"] = "room_left"
    room_id: UUID


class MessageSent(Reply):
    """The message is committed. client_message_id is there if it was sent."""

    type: Literal["message_sent"] = "message_sent"
    message_id: UUID
    room_id: UUID
    status: Literal["delivered"] = "delivered"
    client_message_id: str | None = None


class Authenticated(Reply):
    """The socket lives until then."""

    type: Literal["authenticated"] = "authenticated"
    expires_at: Moment


class Notice(Reply):
    """News of this socket alone. event_id: up to where it has heard everything."""

    event_id: str


class TokenExpiring(Notice):
    """The socket is closed then, unless a newer token comes."""

    type: Literal["token_expiring"] = "token_expiring"
    expires_at: Moment


class PresenceListed(Notice):
    """Who is online of those who share a room, oneself not among them."""

    type: Literal["presence_snapshot"] = "presence_snapshot"
    online: list[UUID]


class ResyncRequired(Notice):
    """Events were lost: what matters has to be fetched again."""

    type: Literal["resync_required"] = "resync_required"


def encode(reply: Reply) -> bytes:
    """The text of a reply; what is None isn't said."""
    return to_json(reply, exclude_none=True)


def read_frame(text: str | None) -> ClientFrame:
    """The frame in a text message (None: a binary one). FrameError says what is wrong with it."""
    try:
        data = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise FrameError(_BAD_JSON) from None
    if not isinstance(data, dict):
        raise FrameError(_BAD_JSON)
    kind = data.get("type")
    model = CLIENT_FRAMES.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise FrameError(f"Unknown message type: {_shown(kind)}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise FrameError(_answer(model, error)) from None


def _shown(kind: Any) -> str:
    try:
        text = kind if isinstance(kind, str) else orjson.dumps(kind).decode()
    except orjson.JSONEncodeError:
        # Nested more deeply than can be written, though it could be read.
        raise FrameError(_BAD_JSON) from None
    return text[:_LONGEST_ECHO]


def _answer(model: type[ClientFrame], error: ValidationError) -> str:
    """The documented text for the first thing wrong; what is missing comes first."""
    errors = error.errors(include_url=False, include_context=False)
    for each in errors:
        field = str(each["loc"][0])
        if field in model.missing and (each["type"] == "missing" or each["input"] in (None, "")):
            return model.missing[field]
    return model.wrong[str(errors[0]["loc"][0])]
