"""An example of every frame and event, made of the fields of its model."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.realtime.events import Event

_PERSON = "123e4567-e89b-12d3-a456-426614174000"
_OTHER = "456e7890-e89b-12d3-a456-426614174001"
_ROOM = "6a8df2c9-dc5b-4aee-81c6-a4b126683365"
_NOTIFICATION = "d0020a19-09bf-4550-b960-bbe13ad16316"
_MOMENT = "2026-01-10T22:30:00.000000Z"
_URL = "/media/chat_files/0f4b.png?expires=1767225600&signature=c2lnbmF0dXJl"

_VALUES: dict[str, Any] = {
    "added_by": _OTHER,
    "added_by_name": "Jane Smith",
    "chat_unread": 3,
    "client_message_id": "phone-7",
    "content": "السلام عليكم، أرسلت لك الفواتير.",
    "created_at": _MOMENT,
    "edited_at": _MOMENT,
    "event_id": "1767225600000-42",
    "expires_at": "2026-01-10T22:45:00Z",
    "file_id": _NOTIFICATION,
    "filename": "invoice.png",
    "full_name": "أمينة بن علي",
    "has_unread": True,
    "id": _PERSON,
    "is_deleted": False,
    "is_dm": False,
    "is_edited": False,
    "is_typing": True,
    "message_id": "cd4f5823-4cfc-421d-8743-516e7d5853bb",
    "notification_id": _NOTIFICATION,
    "message": "Jane Smith in Tax Discussion: Can we schedule a call tomorrow?",
    "notification_type": "message",
    "notifications_unread": 5,
    "online": [_PERSON, _OTHER],
    "purpose": "chat_file",
    "reason": "The image is damaged and can't be read.",
    "related_object_id": _ROOM,
    "removed_by": _OTHER,
    "removed_by_name": "Jane Smith",
    "room": "Déclaration G50",
    "room_id": _ROOM,
    "room_name": "Déclaration G50",
    "sent_at": _MOMENT,
    "title": "New message from Jane Smith",
    "token": "eyJhbGciOiJIUzI1NiJ9.…",
    "url": _URL,
    "user": "أمينة بن علي",
    "user_id": _PERSON,
}


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """As it is on the wire, its type first."""
    fields = {name: _value(name, field) for name, field in model.model_fields.items()}
    if issubclass(model, Event):
        fields = {"event_id": _VALUES["event_id"], **fields}
    kind = {"type": fields.pop("type")} if "type" in fields else {}
    return {**kind, **fields}


def _value(name: str, field: FieldInfo) -> Any:
    """A constant, an example of a part, or the value of that name; null where there may be none."""
    annotation = field.annotation
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return example_of(annotation)
    if get_origin(annotation) in (Union, UnionType) and type(None) in get_args(annotation):
        return _VALUES["client_message_id"] if name == "client_message_id" else None
    return _VALUES[name]
