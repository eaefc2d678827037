"""The five shapes of a user; decisions.md calls them U4, U6, U7, U9 and U13."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from core.accounts.models import AccountStatus, UserType
from web.schema import Schema, Timestamp, one_of

Role = Annotated[str, one_of(UserType.values)]
State = Annotated[str, one_of(AccountStatus.values)]


class UserBrief(Schema):
    """U4: who it is."""

    pk: UUID = Field(alias="id")
    email: str
    full_name: str
    user_type: Role


class UserCard(UserBrief):
    """U6: and whether the account is usable."""

    is_email_verified: bool
    account_status: State


class UserContact(UserBrief):
    """U7: and the phone."""

    phone: str
    is_email_verified: bool
    account_status: State


class UserOut(UserContact):
    """U9: and its times."""

    created_at: Timestamp
    updated_at: Timestamp


class UserWithProfile(UserOut):
    """U13: and what the profile says."""

    company_name: str
    job_title: str
    bio: str
    profile_picture_url: str | None
