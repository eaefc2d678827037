"""Browsing: one page of the services a role sees, filtered, ordered, counted, in one statement.

Unfiltered, the count is the tally's and the page is read off an index: neither depends on how
many services there are. Filtered, what matches is found once, for both the count and the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from core.accounts.models import User
from core.errors import NotFound
from core.marketplace.cards import CARD
from core.marketplace.visibility import Sort, browsed_by
from core.search.expressions import words_of

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

_Param = str | int | bool | Decimal | datetime | UUID | list[str] | list[UUID]
_Clause = tuple[str, list[_Param]]


def browse(
    *, actor: User, filters: Filters, ordering: str = NEWEST, page: int = 1, cursor: UUID | None = None
) -> Page:
    """A page by its number, or the one after a cursor. NotFound past the end."""
    statement = page_statement(actor=actor, filters=filters, ordering=ordering, page=page, cursor=cursor)
    found = Page(0, "[]", None)
    if statement is not None:
        with connection.cursor() as executed:
            executed.execute(*statement)
            found = Page(*executed.fetchone())
    if cursor is None and page > 1 and (page - 1) * PAGE_SIZE >= found.count:
        raise NotFound("Invalid page.")
    return found


def page_statement(
    *, actor: User, filters: Filters, ordering: str = NEWEST, page: int = 1, cursor: UUID | None = None
) -> _Clause | None:
    """The statement that browse executes; None for those who browse nothing."""
    sort = browsed_by(actor)
    return _statement(sort, filters, ORDERINGS[ordering], page, cursor) if sort else None


def cursor_exists(cursor: UUID) -> bool:
    """Whether a cursor was ever given out: it is the id of a service."""
    with connection.cursor() as executed:
        executed.execute("SELECT 1 FROM marketplace_service WHERE id = %s", [cursor])
        return executed.fetchone() is not None


def _statement(sort: Sort, filters: Filters, order: _Order, page: int, cursor: UUID | None) -> _Clause:
    listed = "s.service_type = %s AND s.is_course = %s AND s.is_listed"
    of_sort: list[_Param] = [sort.service_type.value, sort.is_course]
    clauses = list(_clauses(filters))
    after, after_params = _after(order, cursor)
    offset = 0 if cursor else (page - 1) * PAGE_SIZE
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
    for word in words_of(filters.search):
        yield "s.search_text LIKE search_pattern(%s)", [word]
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


def _param(value: Any) -> _Param:
    return list(value) if isinstance(value, tuple) else value


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
