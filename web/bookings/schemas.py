"""Bodies of the booking endpoints."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from pydantic import AfterValidator, Field

from core.files.models import Purpose
from core.marketplace.models import DeliveryMethod, DurationUnit
from web.files.schemas import State
from web.forms import NullIsBlank, rule
from web.schema import Documented, FilledTrimmed, Patch, Schema, Text, Timestamp, Trimmed, at_most, one_of
from web.uploads import an_optional_file
from web.users import UserBrief, UserOut

Status = Literal["pending", "confirmed", "declined"]
_is_url = URLValidator(schemes=["http", "https"])


def _a_url(text: str) -> str:
    try:
        if text:
            _is_url(text)
    except ValidationError:
        raise rule("Enter a valid URL.") from None
    return text


FullName = Annotated[FilledTrimmed, at_most(255)]
LinkedinUrl = Annotated[
    Trimmed,
    at_most(500),
    AfterValidator(_a_url),
    NullIsBlank,
    Documented(description="an http or https address, or empty"),
]
Notes = Annotated[Text, at_most(10_000), NullIsBlank]


class BookingIn(Schema):
    service: UUID
    full_name: FullName
    linkedin_url: LinkedinUrl = ""
    cv_file: an_optional_file(Purpose.BOOKING_CV) = None  # type: ignore[valid-type]
    additional_notes: Notes = ""


class BookingPatch(Patch):
    """What is left out stays; a null cv_file takes the CV away."""

    status: Annotated[Status, Documented(enum=["confirmed", "declined"])] = "pending"
    full_name: FullName = ""
    linkedin_url: LinkedinUrl = ""
    cv_file: an_optional_file(Purpose.BOOKING_CV) = None  # type: ignore[valid-type]
    additional_notes: Notes = ""


class CategoryBrief(Schema):
    id: UUID
    name: str


class BookedServiceCard(Schema):
    id: UUID
    user: UserBrief
    service_type: Literal["offered", "needed"]
    is_course: bool
    title: str
    description: str
    categories: list[CategoryBrief]
    price: Decimal | None
    estimated_duration: int
    duration_unit: Annotated[str, one_of(DurationUnit.values)]
    delivery_method: Annotated[str, one_of(DeliveryMethod.values)]
    location: str
    is_active: bool
    created_at: Timestamp


class BookedService(BookedServiceCard):
    is_featured: bool
    updated_at: Timestamp


class BookingCard(Schema):
    booking_id: UUID
    service: BookedServiceCard
    client: UserBrief
    accountant: UserBrief
    status: Status
    created_at: Timestamp


class BookingOut(Schema):
    booking_id: UUID
    client: UserOut
    accountant: UserOut
    service: BookedService
    full_name: str
    linkedin_url: str | None
    cv_file: str | None = Field(description="signed and short-lived")
    cv_file_state: State | None
    cv_file_reason: str = Field(description="why the file was rejected, else empty")
    additional_notes: str
    status: Status
    decline_reason: Literal["owner", "withdrawn", "expired"] | None
    created_at: Timestamp
    updated_at: Timestamp


class Accepted(Schema):
    message: str
    booking_id: UUID
    status: Literal["confirmed"]
    client_id: UUID
    accountant_id: UUID


class Declined(Schema):
    message: str
    booking_id: UUID
    status: Literal["declined"]


class Refusal(Schema):
    error: str
