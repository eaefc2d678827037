"""A message as it is told, with the addresses of its file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Self
from uuid import UUID

from core.chat.models import Message
from core.files.models import StoredFile
from core.files.urls import signed_path, thumbnail_paths

DELETED_CONTENT = "This message has been deleted"


class FileFacts(NamedTuple):
    """What a message tells of its file; the addresses are signed and short-lived."""

    file: str
    filename: str
    thumbnail: str | None


def facts_of(stored_file: StoredFile) -> FileFacts:
    """thumbnail is None but for pictures."""
    thumbnails = thumbnail_paths(stored_file)
    return FileFacts(
        signed_path(stored_file), stored_file.original_name, next(iter(thumbnails.values()), None)
    )


@dataclass(frozen=True, slots=True)
class Post:
    """A message with what its events need of room, sender and file. pair: of a direct room."""

    message_id: UUID
    room_id: UUID
    seq: int
    room_name: str
    pair: tuple[UUID, ...]
    sender_id: UUID
    sender_name: str
    content: str
    sent_at: datetime
    edited_at: datetime | None = None
    is_deleted: bool = False
    client_message_id: str | None = None
    file: FileFacts | None = None

    @classmethod
    def of(cls, message: Message) -> Self:
        """A stored message; its room, sender and file should have been selected with it."""
        file = facts_of(message.file) if message.file else None
        return cls(
            message_id=message.id,
            room_id=message.room_id,
            seq=message.seq,
            room_name=message.room.name,
            pair=message.room.pair,
            sender_id=message.sender_id,
            sender_name=message.sender.full_name,
            content=file.file if file else message.content,
            sent_at=message.sent_at,
            edited_at=message.edited_at,
            is_deleted=message.deleted_at is not None,
            client_message_id=message.client_message_id,
            file=file,
        )

    @property
    def message_type(self) -> Literal["text", "file"]:
        return "file" if self.file else "text"
