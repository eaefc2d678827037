"""docs/events.md, made of the AsyncAPI document and of what it can't say: who hears of what."""

import json
from collections.abc import Iterator
from typing import Any

from core.realtime.events import Event
from realtime import asyncapi
from realtime.frames import Notice

_HEAD = """# Frames and events

Made of the models in `core/realtime/events.py`, `core/*/events.py` and `realtime/frames.py` by
`make manage ARGS=eventsdoc`; `make check` holds it in step. A running product serves the same as
`/asyncapi/` and, for generators, `/asyncapi.json`.

A socket is `/ws/global/?token=<access token>`; a header `Authorization: Bearer` works too. Frames are JSON
objects in text messages. What can't be carried out is answered `{"error": "…"}`, without a type. Unknown keys
are ignored both ways: events gain keys, they never lose one.

Live delivery is at most once; the database is the truth. Each event carries an `event_id`: who comes back
with `?last_event_id=` is told what was *kept* meanwhile (five minutes), or `resync_required`.
"""
_ID = "6f1f7a52-2f0e-4b4e-9d6c-0f5d1c7a9e31"
_NULL = {"type": "null"}
_TOLD = {"client_message_id"}
_VALUES: dict[str, Any] = {
    "event_id": "1763805600000-7",
    "token": "eyJhbGciOiJIUzI1NiIs…",
    "full_name": "أمينة بن علي",
    "added_by_name": "Karim Haddad",
    "removed_by_name": "Karim Haddad",
    "user": "Karim Haddad",
    "room_name": "Déclaration G50",
    "room": "Déclaration G50",
    "content": "السلام عليكم، أرسلت لك الفواتير.",
    "client_message_id": "phone-42",
    "notification_type": "booking_created",
    "title": "New Booking Request",
    "message": "Amina Benali booked your Bilan annuel service",
    "filename": "bilan-2026.pdf",
    "purpose": "profile_picture",
    "url": "/media/profile_pictures/accountants/6f1f….jpg?expires=1763809200&signature=…",
    "reason": "The file could not be read.",
    "is_deleted": False,
    "is_edited": False,
    "is_dm": False,
    "chat_unread": 3,
    "notifications_unread": 1,
}


def document() -> str:
    """The whole text; equal for equal code."""
    whole = asyncapi.document()
    events = {model.__name__: model for model in _below(Event)}
    notices = {model.__name__ for model in _below(Notice)}
    sent = [one for one in whole["operations"].values() if one["action"] == "send"]
    names = [_messages(one)[0] for one in sent]
    lines = [_HEAD, "## What a client sends\n"]
    for operation in whole["operations"].values():
        if operation["action"] == "receive":
            lines += _frame(whole, operation)
    lines.append("## News of the socket itself\n")
    for name in names:
        if name in notices:
            lines += _section(whole, name, "Heard by the socket concerned.")
    lines += ["## Events\n", "| event | heard by | kept |", "|---|---|---|"]
    heard = [name for name in names if name in events]
    lines += [_row(whole, name, events[name]) for name in heard]
    lines.append("")
    for name in heard:
        lines += _section(whole, name, f"Heard by {events[name].audience}.")
    return "\n".join(lines).rstrip() + "\n"


def _row(whole: dict[str, Any], name: str, event: type[Event]) -> str:
    kind = whole["components"]["messages"][name]["name"]
    return f"| `{kind}` | {event.audience} | {'yes' if event.kept else 'no'} |"


def _frame(whole: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    replies = [name for name in _messages(operation["reply"]) if name != "ErrorFrame"]
    yield from _section(
        whole, _messages(operation)[0], "" if replies else "Answered by nothing when all is well."
    )
    for name in replies:
        yield from ("Answered by", "", *_example(whole, name))


def _section(whole: dict[str, Any], name: str, said: str) -> Iterator[str]:
    message = whole["components"]["messages"][name]
    yield f"### `{message['name']}`\n"
    yield " ".join(part for part in (message["summary"], said) if part) + "\n"
    yield from ("| field | type | |", "|---|---|---|")
    schema = _schema(whole, name)
    for field, shape in schema["properties"].items():
        optional = "" if field in schema.get("required", []) else "optional"
        yield f"| `{field}` | {_type(whole, shape)} | {optional} |"
    yield from ("", *_example(whole, name))


def _example(whole: dict[str, Any], name: str) -> Iterator[str]:
    value = _value(whole, _schema(whole, name), "")
    yield from ("```json", json.dumps(value, ensure_ascii=False, indent=2), "```", "")


def _value(whole: dict[str, Any], shape: dict[str, Any], field: str) -> Any:
    """A value that fits: its only one, else one that its name suggests, else one of its type.

    What may be null is: the message of the examples is a text, not a file, and nobody edited it.
    """
    shape = _resolved(whole, shape)
    if _NULL in shape.get("anyOf", []) and field not in _TOLD:
        return None
    if "const" in shape:
        return shape["const"]
    if "properties" in shape:
        return {name: _value(whole, each, name) for name, each in shape["properties"].items()}
    if field in _VALUES:
        return _VALUES[field]
    return [_value(whole, shape["items"], field)] if shape.get("type") == "array" else _plain(shape)


def _plain(shape: dict[str, Any]) -> Any:
    by_format = {"uuid": _ID, "date-time": "2026-11-22T10:00:00Z"}
    by_type = {"boolean": True, "integer": 1, "string": "…"}
    known = shape.get("enum", [None])[0] or by_format.get(shape.get("format", ""))
    return known or by_type[shape["type"]]


def _type(whole: dict[str, Any], shape: dict[str, Any]) -> str:
    shape = _resolved(whole, shape)
    if "const" in shape:
        return f"`{json.dumps(shape['const'])}`"
    if "enum" in shape:
        return " or ".join(f"`{json.dumps(value)}`" for value in shape["enum"])
    if "anyOf" in shape:
        return " or ".join(_type(whole, each) for each in shape["anyOf"])
    if shape["type"] == "array":
        return f"list of {_type(whole, shape['items'])}"
    if "properties" in shape:
        return ", ".join(f"`{name}`" for name in shape["properties"])
    return str(shape.get("format", shape["type"]))


def _schema(whole: dict[str, Any], name: str) -> dict[str, Any]:
    schema: dict[str, Any] = whole["components"]["schemas"][name]
    return schema


def _resolved(whole: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    return _schema(whole, shape["$ref"].rpartition("/")[2]) if "$ref" in shape else shape


def _messages(operation: dict[str, Any]) -> list[str]:
    return [reference["$ref"].rpartition("/")[2] for reference in operation["messages"]]


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for model in base.__subclasses__():
        yield model
        yield from _below(model)
