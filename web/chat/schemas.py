"""Bodies of the chat endpoints."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field

from core.chat import rules
from core.files.models import Purpose
from web.forms import NullIsBlank, rule
from web.paging import PageQuery
from web.schema import Documented, FilledTrimmed, Patch, Schema, Text, Timestamp, Trimmed, at_most
from web.uploads import a_file
from web.users import UserBrief

RoomName = Annotated[FilledTrimmed, at_most(255)]
Description = Annotated[Trimmed, at_most(2000), NullIsBlank]


def _submitted(value: Any) -> Any:
    if value in (None, ""):
        raise rule("No file was submitted.")
    return value


class RoomIn(Schema):
    room_name: RoomName
    description: Description = ""
    is_private: bool = False


class RoomPatch(Patch):
    """What is left out stays."""

    room_name: RoomName = ""
    description: Description = ""
    is_private: bool = False


class DirectIn(Schema):
    target_user_id: UUID


class MemberIn(Schema):
    user_id: UUID


class ContentIn(Schema):
    content: Annotated[Text, Documented(minLength=1, maxLength=rules.LONGEST_MESSAGE)]


class FileIn(Schema):
    model_config = ConfigDict(json_schema_extra={"required": ["file"]})

    file: Annotated[a_file(Purpose.CHAT_FILE), BeforeValidator(_submitted)] = Field(  # type: ignore[valid-type]
        None, validate_default=True
    )


class RoomOut(Schema):
    room_id: UUID
    creator: UserBrief
    room_name: str
    created_at: Timestamp
    description: str
    is_private: bool
    is_dm: bool
    members_count: int
    message_count: int
    has_unread_messages: bool


class RoomCounts(Schema):
    room_id: UUID
    room_name: str
    members_count: int
    message_count: int


class RoomBrief(Schema):
    room_id: UUID
    room_name: str


class MessageOut(Schema):
    """For a file, content and file both hold its address."""

    message_id: UUID
    room: RoomBrief
    sender: UserBrief
    content: str
    timestamp: Timestamp
    edited_at: Timestamp | None
    is_deleted: bool
    is_edited: bool
    message_type: Literal["text", "file"]
    file: str | None = Field(description="signed and short-lived")
    filename: str | None
    thumbnail: str | None = Field(description="signed and short-lived; of pictures")


class EditedOut(Schema):
    message_id: UUID = Field(alias="id")
    content: str
    edited_at: Timestamp


class FileOut(Schema):
    """file_url answers 404 and Retry-After until the file is ready; then its message is told."""

    file_url: str
    message_id: UUID


class MembersCount(Schema):
    members_count: int


class UnreadOut(Schema):
    unread_count: int


class SeenOut(Schema):
    message: str


class Refusal(Schema):
    error: str


class Search(PageQuery):
    search: Annotated[Text, at_most(500)] = Field("", description="every word must be found")


class HistoryQuery(Search):
    before: UUID | None = Field(None, description="a message_id: what was said before it, instead of a page")
