"""What a response tells of a file's processing, beside its address."""

from typing import Literal

from pydantic import Field

from core.files.models import FileState, StoredFile
from core.files.urls import signed_path
from web.schema import Schema, Timestamp

State = Literal["pending", "ready", "rejected"]


class FileFacts(Schema):
    """The keys that every attachment shows of its file. url is signed and short-lived."""

    url: str | None = Field(description="null if the file was rejected")
    filename: str
    size: int
    uploaded_at: Timestamp
    file_state: State = Field(description="url answers 404 and Retry-After until it is ready")
    file_reason: str = Field(description="why the file was rejected, else empty")


def facts_of(file: StoredFile) -> dict[str, object]:
    """All of FileFacts but uploaded_at; url is a path."""
    return {
        "url": None if file.state == FileState.REJECTED else signed_path(file),
        "filename": file.original_name,
        "size": file.size,
        "file_state": file.state,
        "file_reason": file.reason,
    }
