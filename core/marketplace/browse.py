"""Browsing: one page of the services a role sees, filtered, ordered, counted, in one statement.

Unfiltered, the count is the tally's and the page is read off an index, if it isn't one that this
process served before and that is still the same: none of this depends on how many there are.
Filtered, what matches is found once, for both the count and the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from core.accounts.models import User
from core.errors import NotFound
from core.marketplace.cards import CARD
from core.marketplace.recent import Recent, stamp_of
from core.marketplace.visibility import Sort, browsed_by
from core.prepared import fetch_one
from core.search.expressions import MAX_WORDS

PAGE_SIZE = 20


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list a page lies."""

    filters: Filters
    ordering: str
    page: int
    cursor: UUID | None

    @property
    def is_hot(self) -> bool:
        """One of the few pages that everybody opens."""
        return self.cursor is None and self.page <= _HOT_PAGES and self.filters == _UNFILTERED


@dataclass(frozen=True, slots=True)
class Page:
    """results is a JSON array; last_id the cursor of what follows, if anything does."""

    count: int
    results: str
    last_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Order:
    """A sort key, never null, and the way it goes; each has an index that ends with the id."""

    key: str
    way: str

    @property
    def after(self) -> str:
        return "<" if self.way == "DESC" else ">"


ORDERINGS: dict[str, _Order] = {
    "created_at": _Order("s.created_at", "ASC"),
    "-created_at": _Order("s.created_at", "DESC"),
    "price": _Order("coalesce(s.price, 'Infinity')", "ASC"),
    "-price": _Order("coalesce(s.price, '-Infinity')", "DESC"),
    "estimated_duration": _Order("s.estimated_duration", "ASC"),
    "-estimated_duration": _Order("s.estimated_duration", "DESC"),
}
NEWEST = "-created_at"
_HOT_PAGES = 3
_UNFILTERED = Filters()

_Param = str | int | bool | Decimal | datetime | UUID | list[str] | list[UUID]
_Clause = tuple[str, list[_Param]]


def browse(
    *, actor: User, filters: Filters, ordering: str = NEWEST, page: int = 1, cursor: UUID | None = None
) -> Page:
    """A page by its number, or the one after a cursor. NotFound past the end."""
    sort = browsed_by(actor)
    place = Place(filters, ordering, page, cursor)
    found = Page(0, "[]", None) if sort is None else _read(sort, place)
    if cursor is None and page > 1 and (page - 1) * PAGE_SIZE >= found.count:
        raise NotFound("Invalid page.")
    return found


def _read(sort: Sort, place: Place) -> Page:
    if not place.is_hot:
        return _read_anew(sort, place)
    return _pages.get((sort, place), stamp=stamp_of(sort), read=lambda: _read_anew(sort, place))


_pages: Recent[tuple[Sort, Place], Page] = Recent(size=64)


def _read_anew(sort: Sort, place: Place) -> Page:
    """Planned once a connection if its kind is frequent; of other filters there are too many kinds."""
    statement, params = page_statement(sort, place)
    if replace(place.filters, search="") == _UNFILTERED:
        return Page(*(fetch_one(statement, params) or ()))
    with connection.cursor() as executed:
        executed.execute(statement, params)
        return Page(*executed.fetchone())


def cursor_exists(cursor: UUID) -> bool:
    """Whether a cursor was ever given out: it is the id of a service."""
    return fetch_one("SELECT 1 FROM marketplace_service WHERE id = %s", [cursor]) is not None


def page_statement(sort: Sort, place: Place) -> _Clause:
    """The statement that reads a page of a sort: count, results and last id in one row."""
    order = ORDERINGS[place.ordering]
    listed = "s.service_type = %s AND s.is_course = %s AND s.is_listed"
    of_sort: list[_Param] = [sort.service_type.value, sort.is_course]
    clauses = list(_clauses(place.filters))
    after, after_params = _after(order, place.cursor)
    offset = 0 if place.cursor else (place.page - 1) * PAGE_SIZE
    if not clauses:
        where, count = f"WHERE {listed} {after}", _TALLY
        sql = _page(order, hits="", source="marketplace_service s", where=where, count=count)
        return sql, [*of_sort, *after_params, offset, *of_sort]
    hits = _HITS.format(where=" AND ".join([listed, *(clause for clause, _ in clauses)]))
    where, count = f"WHERE true {after}", "(SELECT count(*) FROM hits)"
    sql = _page(order, hits=hits, source="hits s", where=where, count=count)
    params = [param for _, clause_params in clauses for param in clause_params]
    return sql, [*of_sort, *params, *after_params, offset]


def _page(order: _Order, **parts: str) -> str:
    return _PAGE.format(key=order.key, way=order.way, size=PAGE_SIZE, card=CARD, **parts)


_TALLY = """(
    SELECT coalesce(sum(delta), 0) FROM marketplace_servicetally
    WHERE service_type = %s AND is_course = %s)"""

_HITS = """hits AS MATERIALIZED (
    SELECT s.id, s.created_at, s.price, s.estimated_duration FROM marketplace_service s
    WHERE {where}
),"""

_PAGE = """
WITH {hits} page AS MATERIALIZED (
    SELECT s.id, row_number() OVER (ORDER BY {key} {way}, s.id {way}) AS place
    FROM {source} {where}
    ORDER BY {key} {way}, s.id {way} LIMIT {size} OFFSET %s
)
SELECT {count}::bigint, coalesce(json_agg(card ORDER BY place), '[]')::text,
       (array_agg(id ORDER BY place))[{size}]
FROM (
    SELECT page.id, page.place, {card} AS card
    FROM page JOIN marketplace_service s ON s.id = page.id JOIN accounts_user u ON u.id = s.user_id
) cards
"""


def _after(order: _Order, cursor: UUID | None) -> _Clause:
    if cursor is None:
        return "", []
    place = f"(SELECT {order.key}, s.id FROM marketplace_service s WHERE s.id = %s)"  # noqa: S608
    return f"AND ({order.key}, s.id) {order.after} {place}", [cursor]


def _clauses(filters: Filters) -> Iterator[_Clause]:
    for word in _words_in(filters.search):
        yield _HAS_WORD, [f"%{word}%" if len(word) >= _SHORTEST_PART else f"{word}%"]
    for field in fields(filters):
        value = getattr(filters, field.name)
        if field.name in _CONDITIONS and value not in (None, ()):
            yield _CONDITIONS[field.name], [_param(value)]
    if filters.created_after is not None:
        yield "s.created_at >= %s", [_start_of(filters.created_after)]
    if filters.created_before is not None:
        yield "s.created_at < %s", [_start_of(filters.created_before) + timedelta(days=1)]


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


# What lies in the words of services is found among all the words there are, which are few, and
# then by the index of whole words: decision 0032.
_HAS_WORD = """s.search_words && ARRAY(
        SELECT known.word FROM marketplace_searchword known WHERE known.word LIKE %s)"""
_SHORTEST_PART = 3


def _words_in(search: str) -> list[str]:
    """The words of a query as they are searched: letters and digits alone, so no LIKE signs."""
    if not search.strip():
        return []
    row = fetch_one("SELECT search_words(%s)", [search])
    return sorted(row[0], key=len, reverse=True)[:MAX_WORDS] if row else []


def _param(value: Any) -> _Param:
    return list(value) if isinstance(value, tuple) else value


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
