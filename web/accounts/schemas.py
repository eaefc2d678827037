"""Bodies of the identity endpoints."""

from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from core.accounts.actions.registration import EMAIL_TAKEN
from core.accounts.emails import MAX_LENGTH as EMAIL_LENGTH
from core.accounts.emails import normalize_email
from core.accounts.models import User
from core.accounts.passwords import MAX_LENGTH as PASSWORD_LENGTH
from core.accounts.passwords import password_problems
from core.errors import Invalid
from web.phones import Phone, RequiredPhone
from web.schema import Documented, Filled, Patch, Schema, Text, Timestamp, Trimmed, at_most, one_line
from web.users import UserContact, UserOut, UserWithProfile

MISMATCH = "The two password fields didn't match."


def _valid_email(text: str) -> str:
    try:
        return normalize_email(text)
    except Invalid as error:
        raise PydanticCustomError("rule", "{text}", {"text": error.fields["email"][0]}) from None


Email = Annotated[Filled, at_most(EMAIL_LENGTH), AfterValidator(_valid_email), Documented(format="email")]
# A known email is looked up as it is: what is no address is simply of nobody.
KnownEmail = Annotated[Filled, at_most(EMAIL_LENGTH)]
Password = Annotated[Filled, at_most(PASSWORD_LENGTH)]
NewPassword = Annotated[Password, Documented(minLength=settings.PASSWORD_MIN_LENGTH)]
Code = Annotated[Filled, at_most(32), Documented(description="six digits")]
Name = Annotated[Trimmed, at_most(255), AfterValidator(one_line)]
Token = Annotated[Filled, at_most(8192)]


class RegistrationIn(Schema):
    """All problems of all fields are told at once, those of the rules included."""

    email: Email
    full_name: Name = ""
    phone: RequiredPhone
    user_type: Literal["client", "accountant", "academic"]
    password2: NewPassword
    password1: NewPassword

    @field_validator("email")
    @classmethod
    def email_is_free(cls, email: str) -> str:
        if User.objects.with_email(email) is not None:
            raise PydanticCustomError("rule", EMAIL_TAKEN)
        return email

    @field_validator("password1")
    @classmethod
    def password_is_good(cls, password: str, info: ValidationInfo) -> str:
        told = {name: info.data.get(name, "") for name in ("email", "full_name", "phone")}
        problems = password_problems(password, User(**told))
        mismatch = [MISMATCH] if info.data.get("password2", password) != password else []
        if problems or mismatch:
            raise PydanticCustomError("rules", "broken rules", {"field": problems, "general": mismatch})
        return password


class TokensOut(Schema):
    access_token: str
    refresh_token: str


class RegistrationOut(TokensOut):
    user: UserContact


class LoginOut(TokensOut):
    user: UserWithProfile


class EmailIn(Schema):
    email: KnownEmail


class CodeIn(Schema):
    email: KnownEmail
    otp_code: Code


class CredentialsIn(Schema):
    email: KnownEmail
    password: Password


class ResetIn(CodeIn):
    new_password: NewPassword

    @field_validator("new_password")
    @classmethod
    def password_is_good(cls, password: str, info: ValidationInfo) -> str:
        if problems := password_problems(password, User(email=info.data.get("email", ""))):
            raise PydanticCustomError("rules", "broken rules", {"field": problems, "general": []})
        return password


class LogoutIn(Schema):
    refresh: Annotated[Text, at_most(8192)] | None = None


class PasswordChangeIn(Schema):
    old_password: Password
    new_password1: NewPassword
    new_password2: NewPassword


class RefreshIn(Schema):
    refresh: Token


class PairOut(Schema):
    refresh: str
    access: str


class RefreshOut(Schema):
    """`refresh` only when refresh tokens rotate."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    access: str
    refresh: Annotated[str | None, WithJsonSchema({"type": "string"})] = None


class AccountPatch(Patch):
    full_name: Name = ""
    phone: Phone = ""
    company_name: Name = ""
    job_title: Name = ""


class DeletionIn(Schema):
    """One of the two; both are checked if both are given."""

    password: Password | None = None
    otp_code: Code | None = None


class SocialLoginIn(Schema):
    """user_type is that of a new account."""

    access_token: Token
    user_type: Literal["client", "accountant", "academic"] = "client"


class SessionOut(Schema):
    id: UUID
    created_at: Timestamp
    last_used_at: Timestamp
    user_agent: str
    ip: str | None
    current: bool = Field(description="whether this request's token belongs to it")


class Detail(Schema):
    detail: str


class Message(Schema):
    message: str


def with_profile(user: User, *, bio: str, profile_picture_url: str | None) -> dict[str, object]:
    """The account as login shows it, with what it mirrors of the profile."""
    return {
        **UserOut.from_orm(user).model_dump(),
        "company_name": user.company_name,
        "job_title": user.job_title,
        "bio": bio,
        "profile_picture_url": profile_picture_url,
    }
