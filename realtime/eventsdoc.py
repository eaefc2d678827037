"""docs/events.md, made of the AsyncAPI document and of what it can't say: who hears of what."""

import json
from collections.abc import Iterator
from typing import Any

from core.documents import fields
from core.realtime.events import Event
from realtime import asyncapi
from realtime.asyncapi import models_below
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


def document() -> str:
    """The whole text; equal for equal code."""
    whole = asyncapi.document()
    events = {model.__name__: model for model in models_below(Event)}
    notices = {model.__name__ for model in models_below(Notice)}
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
    for field in fields(whole, message["payload"]):
        yield f"| `{field.name}` | {field.type} | {'' if field.required else 'optional'} |"
    yield from ("", *_example(whole, name))


def _example(whole: dict[str, Any], name: str) -> Iterator[str]:
    (example,) = whole["components"]["messages"][name]["examples"]
    yield from ("```json", json.dumps(example["payload"], ensure_ascii=False, indent=2), "```", "")


def _messages(operation: dict[str, Any]) -> list[str]:
    return [reference["$ref"].rpartition("/")[2] for reference in operation["messages"]]
