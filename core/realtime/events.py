"""What sockets are told: closed models whose `type` is the word on the wire.

audience: who is told, in words; the action that makes the event says it to the bus.
kept: whether a socket that was away is told afterwards (docs/decisions/0022-resume.md).
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """A part of an event; all of it is said, with null for what isn't there."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Event(Payload):
    """Something that happened. Each carries an event_id on the wire, given by the bus."""

    audience: ClassVar[str]
    kept: ClassVar[bool] = True
    type: str


class Sender(Payload):
    id: UUID
    full_name: str


class MessageBody(Payload):
    """A message as sockets see it. For a file, content and file both hold its URL."""

    message_id: UUID
    content: str
    sender: Sender
    sent_at: datetime
    edited_at: datetime | None
    is_deleted: bool
    is_edited: bool
    message_type: Literal["text", "file"]
    file: str | None
    filename: str | None = None
    thumbnail: str | None = None
    client_message_id: str | None = None


class RoomMessageBody(MessageBody):
    room_id: UUID


class MessagePosted(Event):
    """A message was committed to a room."""

    audience: ClassVar[str] = (
        "the sockets that joined the room, the sender's too; for a file, every socket of every member"
    )
    type: Literal["chat_message"] = "chat_message"
    message: RoomMessageBody


class MessageEdited(Event):
    """The sender changed a message."""

    audience: ClassVar[str] = "the sockets that joined the room"
    type: Literal["message_edited"] = "message_edited"
    message_id: UUID
    content: str
    edited_at: datetime
    room_id: UUID


class MessageDeleted(Event):
    """A message was taken back."""

    audience: ClassVar[str] = "the sockets that joined the room"
    type: Literal["message_deleted"] = "message_deleted"
    message_id: UUID
    room_id: UUID


class FileRejected(Event):
    """The sender's file was refused, or its room was closed to them: it was shown to nobody."""

    audience: ClassVar[str] = "the sender's sockets"
    type: Literal["file_rejected"] = "file_rejected"
    message_id: UUID
    room_id: UUID
    reason: str


class RoomListUpdated(Event):
    """The last message of a room changed; has_unread is false for its sender."""

    audience: ClassVar[str] = "every socket of every member"
    type: Literal["room_list_update"] = "room_list_update"
    room_id: UUID
    room_name: str
    is_dm: bool
    has_unread: bool
    latest_message: MessageBody


class MemberAdded(Event):
    """Somebody was let into a room; they hear of it too."""

    audience: ClassVar[str] = "every socket of every member and of the person"
    type: Literal["member_added"] = "member_added"
    user_id: UUID
    full_name: str
    room_id: UUID
    added_by: UUID
    added_by_name: str


class MemberRemoved(Event):
    """Somebody was taken out of a room; they hear of it too."""

    audience: ClassVar[str] = "every socket of every member and of the person"
    type: Literal["member_removed"] = "member_removed"
    user_id: UUID
    full_name: str
    room_id: UUID
    removed_by: UUID
    removed_by_name: str


class RoomDeleted(Event):
    """A room is gone."""

    audience: ClassVar[str] = "every socket of those who were members"
    type: Literal["room_deleted"] = "room_deleted"
    room_id: UUID


class NotificationCreated(Event):
    """There is a new notification."""

    audience: ClassVar[str] = "its person's sockets"
    type: Literal["new_notification"] = "new_notification"
    notification_id: UUID
    notification_type: str
    title: str
    message: str
    related_object_id: UUID
    created_at: datetime
    is_read: Literal[False] = False


class UserStatusChanged(Event):
    """Someone who shares a room came or went, or is online and shares one from now on.

    A new socket gets a snapshot instead, and so does whoever was let into a room.
    """

    audience: ClassVar[str] = "everyone who shares a room with the person, but not the person"
    kept: ClassVar[bool] = False
    type: Literal["user_status_changed"] = "user_status_changed"
    user_id: UUID
    full_name: str
    status: Literal["online", "offline"]


class TypingChanged(Event):
    """Somebody else began or ceased to type in a joined room."""

    audience: ClassVar[str] = "the sockets that joined the room, but not the typist's"
    kept: ClassVar[bool] = False
    type: Literal["typing_indicator"] = "typing_indicator"
    user: str
    user_id: UUID
    is_typing: bool
    room: str
    room_id: UUID


class UnreadCounted(Event):
    """Both counts of a person, whenever one changed. A new socket gets them anew."""

    audience: ClassVar[str] = "the person's sockets"
    kept: ClassVar[bool] = False
    type: Literal["unread_update"] = "unread_update"
    chat_unread: int
    notifications_unread: int
