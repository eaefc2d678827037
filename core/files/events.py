"""What the owner's sockets are told of a file."""

from typing import ClassVar, Literal
from uuid import UUID

from core.realtime.events import Event


class FileProcessed(Event):
    """The file is ready: url serves it now."""

    audience: ClassVar[str] = "the owner's sockets"
    type: Literal["file_processed"] = "file_processed"
    file_id: UUID
    purpose: str
    filename: str
    url: str


class UploadRejected(Event):
    """The file will never be served. For a chat's file its message is named instead, by chat."""

    audience: ClassVar[str] = "the owner's sockets"
    type: Literal["file_rejected"] = "file_rejected"
    file_id: UUID
    purpose: str
    filename: str
    reason: str
