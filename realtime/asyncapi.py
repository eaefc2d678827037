"""The socket's protocol as an AsyncAPI 3 document, made of the models of its frames and events."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

import core.files.events  # noqa: F401 - it declares events, too
from core.realtime.events import Event
from realtime import frames
from realtime.examples import example_of
from realtime.frames import CLIENT_FRAMES, ClientFrame, Notice, Reply
from realtime.protocol import TRY_AGAIN_LATER

Model = TypeVar("Model", bound=BaseModel)
_SCHEMAS = "#/components/schemas/"
_CHANNEL = {"$ref": "#/channels/socket"}
_ERROR = "ErrorFrame"
_EVENT_ID = {"type": "string", "description": "pass the last one as last_event_id on coming back"}

REPLIES: dict[type[ClientFrame], type[Reply] | None] = {
    frames.JoinRoom: frames.RoomJoined,
    frames.LeaveRoom: frames.RoomLeft,
    frames.SendMessage: frames.MessageSent,
    frames.Typing: None,
    frames.Authenticate: frames.Authenticated,
}
"""What each frame is answered with when all is well."""

_DESCRIPTION = f"""One socket for each device: chat in all rooms, presence, notifications.

Frames are JSON objects in text messages of at most 64 KiB. A frame is answered by its reply or by an \
error frame, which has no type; the replies come in the order of the frames. Events may come at any \
time; each has an event_id of its own, and news of the socket itself (presence_snapshot, \
resync_required, token_expiring) the one up to which everything was told. No frame \
closes the socket but one over the limit.

Any frame may also be answered "Invalid JSON format received", "Unknown message type: …", "Too many \
requests. Please try again later." or that the service is briefly unavailable.

Close codes: 4001, the token is missing, bad or over, its session has ended or its account isn't \
active; 1001, the whole server stops; 1009, a frame over 64 KiB; 1012, the server restarts; \
{TRY_AGAIN_LATER}, the client didn't read for too long, or the service is briefly \
unavailable: come back with last_event_id.
"""


def document() -> dict[str, Any]:
    """The whole document; equal for equal code."""
    sent, received = list(_sent()), list(CLIENT_FRAMES.values())
    names = [model.__name__ for model in (*received, *sent)]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "My Accountant: the socket", "version": "1", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {"edge": {"host": "localhost:8000", "protocol": "ws", "security": _SECURITY}},
        "channels": {"socket": _channel([*names, _ERROR])},
        "operations": {**_receiving(), **_sending(sent)},
        "components": {
            "securitySchemes": _SECURITY_SCHEMES,
            "messages": dict(_messages([*received, *sent])),
            "schemas": _schemas(received, sent),
        },
    }


_SECURITY = [{"$ref": f"#/components/securitySchemes/{name}"} for name in ("query", "bearer")]
_SECURITY_SCHEMES = {
    "query": {"type": "httpApiKey", "name": "token", "in": "query", "description": "an access token"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
_QUERY = {
    "type": "object",
    "properties": {
        "token": {"type": "string", "description": "an access token, unless a header has it"},
        "last_event_id": {
            "type": "string",
            "description": "what was missed since is told first, up to five minutes back, or resync_required",
        },
    },
}


def _channel(names: list[str]) -> dict[str, Any]:
    return {
        "address": "/ws/global/",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"ws": {"method": "GET", "query": _QUERY, "bindingVersion": "0.1.0"}},
    }


def _sent() -> Iterator[type[BaseModel]]:
    """What a client is sent: replies, then news of its socket, then events, each by their type."""
    notices = set(models_below(Notice))
    replies = [reply for reply in models_below(Reply) if reply is not Notice and reply not in notices]
    for group in (replies, notices, models_below(Event)):
        yield from sorted(group, key=lambda model: (_type_of(model), model.__name__))


def models_below(base: type[Model]) -> Iterator[type[Model]]:
    """The models that are made of one, and those made of them."""
    for model in base.__subclasses__():
        yield model
        yield from models_below(model)


def _type_of(model: type[BaseModel]) -> str:
    """The word on the wire; "" for a base that is never sent."""
    field = model.model_fields.get("type")
    return str(get_args(field.annotation)[0]) if field and get_args(field.annotation) else ""


def _receiving() -> dict[str, Any]:
    return {
        f"receive_{kind}": {
            "action": "receive",
            "channel": _CHANNEL,
            "summary": _summary(frame),
            "messages": _in_channel([frame.__name__]),
            "x-errors": frame.errors(),
            "reply": {
                "channel": _CHANNEL,
                "messages": _in_channel([*([reply.__name__] if reply else []), _ERROR]),
            },
        }
        for kind, frame in CLIENT_FRAMES.items()
        for reply in [REPLIES[frame]]
    }


def _sending(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    answers = {reply for reply in REPLIES.values() if reply}
    return {
        f"send_{model.__name__}": {
            "action": "send",
            "channel": _CHANNEL,
            "summary": _summary(model),
            "messages": _in_channel([model.__name__]),
        }
        for model in models
        if model not in answers
    }


def _in_channel(names: list[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/socket/messages/{name}"} for name in names]


def _messages(models: Iterable[type[BaseModel]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for model in models:
        payload = {"$ref": f"{_SCHEMAS}{model.__name__}"}
        message = {"name": _type_of(model), "summary": _summary(model), "payload": payload}
        if more := _more(model):
            message["description"] = more
        yield model.__name__, {**message, "examples": [{"payload": example_of(model)}]}
    yield (
        _ERROR,
        {
            "name": "error",
            "summary": "A frame was not carried out; error says why.",
            "payload": {"$ref": f"{_SCHEMAS}{_ERROR}"},
            "examples": [{"payload": {"error": frames.NOT_JOINED}}],
        },
    )


def _schemas(received: list[type[ClientFrame]], sent: list[type[BaseModel]]) -> dict[str, Any]:
    """Each model's schema by its name; the bus gives every event its event_id."""
    wanted: list[Any] = [(model, "validation") for model in received]
    wanted += [(model, "serialization") for model in sent]
    _, whole = models_json_schema(wanted, ref_template=f"{_SCHEMAS}{{model}}")
    schemas: dict[str, Any] = whole["$defs"]
    for model in sent:
        if issubclass(model, Event):
            schema = schemas[model.__name__]
            schema["properties"] = {"event_id": _EVENT_ID, **schema["properties"]}
            schema["required"] = ["event_id", *schema.get("required", [])]
    for model in (*received, *sent):
        schema = schemas[model.__name__]
        unsaid = {name for name, field in model.model_fields.items() if _may_be_unsaid(model, field)}
        said = [name for name in schema.get("required", []) if name not in unsaid]
        schema["required"] = list(dict.fromkeys(["type", *said]))
    schemas[_ERROR] = {
        "title": _ERROR,
        "type": "object",
        "properties": {"error": {"type": "string"}},
        "required": ["error"],
    }
    return schemas


def _may_be_unsaid(model: type[BaseModel], field: FieldInfo) -> bool:
    return issubclass(model, Reply) and not field.is_required() and field.default is None


def _summary(model: type[BaseModel]) -> str:
    return _said(model)[0]


def _more(model: type[BaseModel]) -> str:
    return " ".join(_said(model)[1:])


def _said(model: type[BaseModel]) -> list[str]:
    """The paragraphs of its docstring, if it has one of its own."""
    own = model.__doc__ if "__doc__" in vars(model) else None
    return [" ".join(paragraph.split()) for paragraph in (own or "").split("\n\n")]
