"""What narrows the list of services, and how that is said in SQL."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from core.prepared import fetch_one
from core.search.expressions import MAX_WORDS

Param = str | int | bool | Decimal | datetime | UUID | list[str] | list[UUID]
Clause = tuple[str, list[Param]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list; None and empty ones don't. created_* are whole days, UTC."""

    search: str = ""
    categories: tuple[UUID, ...] = ()
    location: tuple[str, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    duration_unit: tuple[str, ...] = ()
    min_duration: int | None = None
    max_duration: int | None = None
    is_featured: bool | None = None
    created_after: date | None = None
    created_before: date | None = None


def clauses_of(filters: Filters, patterns: Sequence[str]) -> Iterator[Clause]:
    """What each filter, and each pattern that is searched for, adds to WHERE; s is the service."""
    for pattern in patterns:
        yield _HAS_WORD, [pattern]
    for field in fields(filters):
        value = getattr(filters, field.name)
        if field.name in _CONDITIONS and value not in (None, ()):
            yield _CONDITIONS[field.name], [_param(value)]
    if filters.created_after is not None:
        yield "s.created_at >= %s", [_start_of(filters.created_after)]
    if filters.created_before is not None:
        yield "s.created_at < %s", [_start_of(filters.created_before) + timedelta(days=1)]


def clauses_of_many(filters: Filters) -> Iterator[Clause]:
    """The same without words, where many services are to be narrowed."""
    if filters.categories:
        yield _CATEGORIES_OF_MANY, [list(filters.categories)]
    yield from clauses_of(replace(filters, categories=()), ())


def joined(clauses: Iterable[Clause]) -> Clause:
    """All of them, of which there is at least one."""
    parts, params = zip(*clauses, strict=True)
    return " AND ".join(parts), list(chain.from_iterable(params))


_CONDITIONS = {
    "categories": """EXISTS (
        SELECT FROM marketplace_service_categories sc
        WHERE sc.service_id = s.id AND sc.category_id = ANY(%s))""",
    "location": "s.location = ANY(%s)",
    "min_price": "s.price >= %s",
    "max_price": "s.price <= %s",
    "duration_unit": "s.duration_unit = ANY(%s)",
    "min_duration": "s.estimated_duration >= %s",
    "max_duration": "s.estimated_duration <= %s",
    "is_featured": "s.is_featured = %s",
}


# For many services, and not by whatever the planner takes for few: all of the categories' at once.
_CATEGORIES_OF_MANY = """s.id IN (
        SELECT sc.service_id FROM marketplace_service_categories sc
        WHERE sc.category_id = ANY(%s) OFFSET 0)"""


# What lies in the words of services is found among all the words there are, which are few, and
# then by the index of whole words: decision 0032.
_HAS_WORD = """s.search_words && ARRAY(
        SELECT known.word FROM marketplace_searchword known
        WHERE known.word LIKE ANY (string_to_array(%s, '|')))"""
_SHORTEST_PART = 3
# Of each word: an index entry may not be long.
_LETTERS = 64


def patterns_of(search: str) -> tuple[str, ...]:
    """What is asked for each word of a query: letters and digits alone, so no LIKE signs.

    A word of several forms is one pattern of several, with | in between.
    """
    if not search.strip():
        return ()
    (forms,) = fetch_one("SELECT search_forms(%s)", [search]) or ([],)
    words = dict.fromkeys(zip(*(form.split() for form in forms), strict=True))
    longest = sorted(words, key=lambda word: len(word[0]), reverse=True)[:MAX_WORDS]
    return tuple(dict.fromkeys("|".join(sorted(set(map(pattern_of, word)))) for word in longest))


def pattern_of(word: str) -> str:
    """What LIKE is asked for a word: it is found anywhere in a word, a short one at its beginning."""
    part = word[:_LETTERS]
    return f"%{part}%" if len(part) >= _SHORTEST_PART else f"{part}%"


def _param(value: Any) -> Param:
    return list(value) if isinstance(value, tuple) else value


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
