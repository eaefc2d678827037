"""Bodies of categories and services."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from core.accounts.models import UserType
from core.files.models import Purpose
from core.marketplace.actions import BAD_CATEGORY, COURSE_BY_OTHERS, NO_CATEGORY
from core.marketplace.models import DeliveryMethod, DurationUnit, ServiceType
from core.marketplace.queries import all_active
from core.marketplace.wilayas import LOCATIONS
from web.files.schemas import FileFacts
from web.forms import AsWritten, BlankIsNull, Listed, NullIsBlank, few, not_a_choice, rule
from web.schema import Documented, FilledTrimmed, Patch, Schema, Timestamp, Trimmed, at_most, one_of
from web.uploads import files
from web.users import UserBrief

LARGEST_INTEGER = 2_147_483_647
_AMOUNT = {"type": "number", "minimum": 0, "maximum": 99_999_999.99}
_MOST_LINES = 50
_MOST_CATEGORIES = 100


def _a_location(text: str) -> str:
    if text and text not in LOCATIONS:
        raise not_a_choice(text)
    return text


def _not_negative(price: Decimal) -> Decimal:
    if price < 0:
        raise rule("Price cannot be negative.")
    return price


def _at_least_one(duration: int) -> int:
    if duration < 1:
        raise rule("Duration must be greater than zero.")
    return duration


def _active(categories: list[UUID]) -> list[UUID]:
    if not categories:
        raise rule(NO_CATEGORY)
    if not all_active(categories):
        raise rule(BAD_CATEGORY)
    return list(dict.fromkeys(categories))


Title = Annotated[FilledTrimmed, at_most(255)]
Description = Annotated[FilledTrimmed, at_most(10_000)]
Location = Annotated[
    Trimmed, AfterValidator(_a_location), Documented(enum=[*sorted(LOCATIONS), ""]), NullIsBlank
]
# What is below zero is told so first, in however many digits.
Price = Annotated[
    Annotated[
        Decimal,
        AfterValidator(_not_negative),
        Field(max_digits=10, decimal_places=2),
        WithJsonSchema({"anyOf": [_AMOUNT, {"type": "string"}]}),
    ]
    | None,
    BlankIsNull,
    AsWritten,
]
Duration = Annotated[
    int, Field(le=LARGEST_INTEGER), AfterValidator(_at_least_one), AsWritten, Documented(minimum=1)
]
Note = Annotated[Trimmed, at_most(1000), NullIsBlank]
Line = Annotated[FilledTrimmed, at_most(1000)]
Lines = Annotated[list[Line], Field(max_length=_MOST_LINES), few(_MOST_LINES), Listed]
Categories = Annotated[
    list[UUID],
    Field(max_length=_MOST_CATEGORIES),
    few(_MOST_CATEGORIES),
    Listed,
    AfterValidator(_active),
    Documented(minItems=1),
]


class _ServiceIn(Schema):
    location: Location = Field("", description='a wilaya code, 01-58, or "online"')
    estimated_duration: Duration = 1
    duration_unit: DurationUnit = DurationUnit.DAYS
    estimated_duration_description: Note = ""
    price: Price = None
    price_description: Note = ""
    delivery_method: DeliveryMethod = DeliveryMethod.ONLINE
    tasks_and_responsibilities: Lines = Field([], description="of needed services")
    conditions_requirements: Lines = Field([], description="of needed services")
    upload_files: files(Purpose.SERVICE_ATTACHMENT) = None  # type: ignore[valid-type]


class ServiceIn(_ServiceIn):
    title: Title
    description: Description
    categories: Categories
    is_course: bool = Field(False, description="accountants only")

    @field_validator("is_course")
    @classmethod
    def courses_are_of_accountants(cls, is_course: bool, info: ValidationInfo) -> bool:
        maker = (info.context or {})["request"].auth.user
        if is_course and maker.user_type != UserType.ACCOUNTANT:
            raise rule(COURSE_BY_OTHERS)
        return is_course


class ServicePatch(_ServiceIn, Patch):
    """What is left out stays. upload_files replace all attachments; is_course can't change."""

    title: Title = ""
    description: Description = ""
    categories: Categories = []


class CategoryBrief(Schema):
    id: UUID
    name: str


class CategoryOut(CategoryBrief):
    name_ar: str
    name_fr: str
    is_active: bool
    created_at: Timestamp
    updated_at: Timestamp


class ServiceCard(Schema):
    """A service in a list."""

    id: UUID
    user: UserBrief
    service_type: Annotated[str, one_of(ServiceType.values)]
    is_course: bool
    title: str
    description: str
    categories: list[CategoryBrief]
    price: str | None
    location: str
    delivery_method: Annotated[str, one_of(DeliveryMethod.values)]
    is_featured: bool
    created_at: Timestamp


class OwnServiceCard(ServiceCard):
    attachments_count: int


class ServiceAttachmentOut(FileFacts):
    id: UUID


class NewOfferedService(ServiceCard):
    """An offered service as created: without updated_at."""

    price_description: str
    estimated_duration: int
    duration_unit: Annotated[str, one_of(DurationUnit.values)]
    estimated_duration_description: str
    all_attachments: list[ServiceAttachmentOut]
    is_active: bool


class NewNeededService(NewOfferedService):
    """A needed service as created: without updated_at."""

    tasks_and_responsibilities: list[str]
    conditions_requirements: list[str]


class OfferedService(NewOfferedService):
    updated_at: Timestamp


class NeededService(NewNeededService):
    updated_at: Timestamp
