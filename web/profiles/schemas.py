"""The profile of each role, key by key."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from core.files.models import Purpose
from core.marketplace.models import ServiceType
from web.files.schemas import FileFacts, State
from web.phones import Phone
from web.schema import Patch, Schema, Timestamp, Trimmed, at_most, one_of
from web.uploads import an_optional_file, files
from web.users import Role, UserOut

Line = Annotated[Trimmed, at_most(255)]


class ProfilePatch(Patch):
    """What is left out stays. upload_files replace all attachments; null removes the picture."""

    phone: Phone = ""
    location: Line = ""
    bio: Annotated[Trimmed, at_most(5000)] = Field("", description="accountants and academics")
    activity_type: Line = Field("", description="clients")
    profile_picture: an_optional_file(Purpose.PROFILE_PICTURE) = None  # type: ignore[valid-type]
    upload_files: files(Purpose.PROFILE_ATTACHMENT) = None  # type: ignore[valid-type]


class ProfileAttachmentOut(FileFacts):
    attachment_id: UUID


class ProfileServiceOut(Schema):
    id: UUID
    service_type: Annotated[str, one_of(ServiceType.values)]
    is_course: bool
    title: str
    description: str
    price: Decimal | None
    created_at: Timestamp


class _Profile(Schema):
    profile_id: UUID
    profile_picture: str | None
    profile_picture_thumbnails: dict[str, str] = Field(description="URLs by pixels a side")
    profile_picture_state: State | None
    profile_picture_reason: str
    location: str
    all_attachments: list[ProfileAttachmentOut]
    attachments_count: int
    created_at: Timestamp
    updated_at: Timestamp


class _OwnProfile(_Profile):
    user: UserOut
    phone: str


class AcademicProfile(_OwnProfile):
    bio: str


class AccountantProfile(AcademicProfile):
    all_services: list[ProfileServiceOut]


class ClientProfile(_OwnProfile):
    activity_type: str
    all_services: list[ProfileServiceOut]


class PublicUser(Schema):
    """Email and phone are null unless one shares a booking with the person."""

    pk: UUID = Field(alias="id")
    full_name: str
    user_type: Role
    email: str | None = None
    phone: str | None = None
    created_at: Timestamp


class _PublicProfile(_Profile):
    user: PublicUser


class PublicAcademic(_PublicProfile):
    bio: str


class PublicAccountant(PublicAcademic):
    all_services: list[ProfileServiceOut]


class PublicClient(_PublicProfile):
    activity_type: str
    all_services: list[ProfileServiceOut]
