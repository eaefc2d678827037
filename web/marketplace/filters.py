"""The query of a browse request."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from core.marketplace.actions import BAD_CATEGORY
from core.marketplace.browse import NEWEST, ORDERINGS
from core.marketplace.filters import Filters
from core.marketplace.models import DurationUnit
from core.marketplace.queries import all_active
from core.marketplace.wilayas import LOCATIONS
from web.forms import AsWritten, BlankIsNull, not_a_choice, rule
from web.marketplace.schemas import LARGEST_INTEGER
from web.paging import FIRST, PageNumber
from web.schema import Documented, Schema, Text, at_most

_MOST_VALUES = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _split(value: Any) -> Any:
    """Comma lists and repeated keys, both at once; empty parts and repetitions don't count."""
    if not isinstance(value, list):
        return value
    parts = [part.strip() for item in value for part in str(item).split(",")]
    return list(dict.fromkeys(part for part in parts if part))


def _one_of(allowed: frozenset[str]) -> AfterValidator:
    def check(values: list[str]) -> list[str]:
        for value in values:
            if value not in allowed:
                raise not_a_choice(value)
        return values

    return AfterValidator(check)


def _categories(values: list[str]) -> list[str]:
    if len(values) > _MOST_VALUES:
        raise rule(f"Choose no more than {_MOST_VALUES}.")
    for value in values:
        try:
            UUID(value)
        except ValueError:
            raise not_a_choice(value) from None
    if values and not all_active({UUID(value) for value in values}):
        raise rule(BAD_CATEGORY)
    return values


def _ordering(value: str) -> str:
    if value and value not in ORDERINGS:
        raise not_a_choice(value)
    return value or NEWEST


def _a_day(value: Any) -> Any:
    """pydantic would take a number of seconds, and a moment, too."""
    if isinstance(value, str) and not _DAY.fullmatch(value.strip()):
        raise rule("Date has wrong format. Use YYYY-MM-DD.")
    return value


def _items(**shape: Any) -> Documented:
    return Documented(items={"type": "string", **shape})


_Many = Annotated[list[str], BeforeValidator(_split)]
_Money = Annotated[Annotated[Decimal, Field(max_digits=20, ge=0)] | None, BlankIsNull, AsWritten]
_Count = Annotated[Annotated[int, Field(ge=0, le=LARGEST_INTEGER)] | None, BlankIsNull, AsWritten]
_Day = Annotated[Annotated[date, BeforeValidator(_a_day)] | None, BlankIsNull]


class BrowseQuery(Schema):
    """Several values of a filter may come as a comma list or as repeated keys."""

    search: Annotated[Text, at_most(500)] = Field("", description="every word must be found")
    categories: Annotated[_Many, AfterValidator(_categories), _items(format="uuid")] = Field(
        [], description="ids"
    )
    location: Annotated[_Many, _one_of(LOCATIONS), _items(enum=sorted(LOCATIONS))] = Field(
        [], description="01-58 or online"
    )
    min_price: _Money = None
    max_price: _Money = None
    duration_unit: Annotated[
        _Many, _one_of(frozenset(DurationUnit.values)), _items(enum=DurationUnit.values)
    ] = []
    min_duration: _Count = None
    max_duration: _Count = None
    is_featured: Annotated[bool | None, BlankIsNull] = None
    created_after: _Day = Field(None, description="from the beginning of this day, UTC")
    created_before: _Day = Field(None, description="to the end of this day, UTC")
    ordering: Annotated[Text, AfterValidator(_ordering), Documented(enum=list(ORDERINGS))] = NEWEST
    page: PageNumber = Field("1", description="20 services each", json_schema_extra=FIRST)
    cursor: Text = Field("", description="a next_cursor: what follows it, at the cost of page 1")

    def filters(self) -> Filters:
        """What narrows the list."""
        return Filters(
            search=self.search,
            categories=tuple(UUID(value) for value in self.categories),
            location=tuple(self.location),
            min_price=self.min_price,
            max_price=self.max_price,
            duration_unit=tuple(self.duration_unit),
            min_duration=self.min_duration,
            max_duration=self.max_duration,
            is_featured=self.is_featured,
            created_after=self.created_after,
            # No day comes after the last one: it limits nothing.
            created_before=None if self.created_before == date.max else self.created_before,
        )
