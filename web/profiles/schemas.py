"""The profile of each role, key by key."""

from typing import Any
from uuid import UUID

from core.accounts.models import User, UserType
from core.profiles.models import Profile
from web.schema import Schema, Timestamp
from web.users import UserOut


class Attachment(Schema):
    attachment_id: UUID
    url: str
    filename: str
    size: int
    uploaded_at: Timestamp


class _ProfileOut(Schema):
    profile_id: UUID
    user: UserOut
    profile_picture: str | None
    phone: str
    location: str
    all_attachments: list[Attachment]
    attachments_count: int
    created_at: Timestamp
    updated_at: Timestamp


class AcademicProfile(_ProfileOut):
    bio: str


class AccountantProfile(AcademicProfile):
    all_services: list[Any]


class ClientProfile(_ProfileOut):
    activity_type: str
    all_services: list[Any]


_SHAPES: dict[str, type[_ProfileOut]] = {
    UserType.CLIENT: ClientProfile,
    UserType.ACCOUNTANT: AccountantProfile,
    UserType.ACADEMIC: AcademicProfile,
}


def render(profile: Profile, user: User) -> dict[str, Any]:
    """The profile in the shape of its owner's role."""
    return _SHAPES[user.user_type].model_validate(
        {
            "profile_id": profile.id,
            "user": user,
            "profile_picture": None,
            "phone": user.phone,
            "location": profile.location,
            "bio": profile.bio,
            "activity_type": profile.activity_type,
            "all_attachments": [],
            "attachments_count": 0,
            "all_services": [],
            "created_at": profile.created_at,
            "updated_at": profile.updated_at,
        }
    ).model_dump()
