"""What was kept to be told later, as it may be told now: a deleted message's words are gone."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson

from core.chat.models import Message
from core.chat.posts import DELETED_CONTENT
from core.notifications.models import Notification, NotificationType
from core.realtime.envelope import Envelope

_KINDS = ("chat_message", "room_list_update", "message_edited", "new_notification")
_MARKS = tuple(f'"type":"{kind}"'.encode() for kind in _KINDS)
_GONE = {
    "content": DELETED_CONTENT,
    "is_deleted": True,
    "message_type": "text",
    "file": None,
    "filename": None,
    "thumbnail": None,
}


def as_of_now(envelopes: Sequence[Envelope], rooms: Collection[UUID]) -> list[Envelope]:
    """The same events for somebody in these rooms, without the news of other rooms.

    Those of deleted messages and changed notifications say what is left of them.
    """
    may_know = {None, *map(str, rooms)}
    spoken = {each.event_id: orjson.loads(each.text) for each in envelopes if _says_something(each)}
    closed = {event_id for event_id, event in spoken.items() if _room_of(event) not in may_know}
    envelopes = [each for each in envelopes if each.event_id not in closed]
    told = {event_id: event for event_id, event in spoken.items() if event_id not in closed}
    messages = [body["message_id"] for event in told.values() if "message_id" in (body := _message_in(event))]
    deleted = _ids(Message.objects.filter(id__in=messages, deleted_at__isnull=False).values_list("id"))
    notices = [event["notification_id"] for event in told.values() if "notification_id" in event]
    found = Notification.objects.filter(id__in=notices).values_list("id", "title", "message")
    present = {str(notification_id): (title, text) for notification_id, title, text in found}
    return [
        each if each.event_id not in told else each._replace(text=orjson.dumps(event))
        for each in envelopes
        if (event := _now(told.get(each.event_id, {}), deleted, present)) is not None
    ]


def _now(
    event: dict[str, Any], deleted: set[str], present: dict[str, tuple[str, str]]
) -> dict[str, Any] | None:
    """The event, or None if nothing is left of it."""
    if "notification_id" in event:
        if event["notification_id"] not in present:
            return None
        event["title"], event["message"] = present[event["notification_id"]]
    elif (body := _message_in(event)).get("message_id") in deleted:
        if body is event:
            return None
        body.update(_GONE)
    return event


def _room_of(event: dict[str, Any]) -> str | None:
    """The room whose members alone may know of this, if there is one."""
    if "notification_id" in event:
        is_chat = event["notification_type"] == NotificationType.MESSAGE
        return event["related_object_id"] if is_chat else None
    room_id: str | None = event.get("room_id") or event.get("message", {}).get("room_id")
    return room_id


def _message_in(event: dict[str, Any]) -> dict[str, Any]:
    """What an event says of a message: part of it, or all."""
    for part in (event.get("message"), event.get("latest_message")):
        if isinstance(part, dict):
            return part
    return event


def _says_something(envelope: Envelope) -> bool:
    return any(mark in envelope.text for mark in _MARKS)


def _ids(rows: Iterable[tuple[UUID]]) -> set[str]:
    return {str(row_id) for (row_id,) in rows}
