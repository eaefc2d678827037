"""Browsing: one page of the services a role sees, filtered, ordered, counted, in one statement.

Unfiltered, the count is the tally's and the page is read off an index, if it isn't one that this
process served before and that is still the same: none of this depends on how many there are.
Filtered, what matches is found once, for both the count and the page.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection

from core.accounts.models import User
from core.errors import Unavailable
from core.marketplace.cards import CARD
from core.marketplace.filters import Clause, Filters, Param, clauses_of, clauses_of_many, joined, patterns_of
from core.marketplace.limits import read_in_time
from core.marketplace.recent import Recent, stamp_of
from core.marketplace.search_sets import FEWEST_RESULTS, Walk, ask_for, hits_by_sets, read_page
from core.marketplace.visibility import Sort, browsed_by
from core.pages import PAGE_SIZE, offset_of, require_page
from core.prepared import fetch_one


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which list a page lies."""

    filters: Filters
    ordering: str
    page: int
    cursor: UUID | None
    patterns: tuple[str, ...] = ()
    """One for each word that is searched for, as LIKE has it."""

    @property
    def is_hot(self) -> bool:
        """One of the few pages that everybody opens."""
        return self.cursor is None and self.page <= _HOT_PAGES and self.filters == _UNFILTERED

    @property
    def is_search(self) -> bool:
        """Narrowed by words and nothing else."""
        return bool(self.patterns) and replace(self.filters, search="") == _UNFILTERED

    @property
    def offset(self) -> int:
        """How many services come before the page, from the beginning or the cursor on."""
        return 0 if self.cursor else offset_of(self.page)


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


def browse(
    *, actor: User, filters: Filters, ordering: str = NEWEST, page: int = 1, cursor: UUID | None = None
) -> Page:
    """A page by its number, or the one after a cursor. NotFound past the end."""
    sort = browsed_by(actor)
    patterns = patterns_of(filters.search)
    place = Place(filters, ordering, page, cursor, patterns)
    is_nothing = bool(filters.search.strip()) and not patterns
    found = Page(0, "[]", None) if sort is None or is_nothing else _read(sort, place)
    if cursor is None:
        require_page(page, found.count)
    return found


def _read(sort: Sort, place: Place) -> Page:
    if place.patterns:
        return _search(sort, place)
    if place.filters != _UNFILTERED:
        with read_in_time():
            return _read_anew(sort, place)
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


def _search(sort: Sort, place: Place) -> Page:
    """What many are found by is asked of search sets, which are made for the next who asks.

    Nobody waits for them longer than for any page: who is told to come again asked for them too.
    """
    if place.is_search and (found := _by_sets(sort, place)):
        return found
    try:
        with read_in_time():
            if not place.is_search and (found := _narrowed_by_sets(sort, place)):
                return found
            page = _read_anew(sort, place)
    except Unavailable:
        ask_for(sort, list(place.patterns))
        raise
    if page.count >= FEWEST_RESULTS:
        ask_for(sort, list(place.patterns))
    return page


def _by_sets(sort: Sort, place: Place) -> Page | None:
    order = ORDERINGS[place.ordering]
    after, after_params = _after(order, place.cursor)
    walk = Walk(order.key, order.way, after, after_params, place.offset, PAGE_SIZE)
    row = read_page(sort, list(place.patterns), walk)
    return Page(*row) if row else None


def _narrowed_by_sets(sort: Sort, place: Place) -> Page | None:
    """Words together with other filters: sets tell the words, an index has the filters' columns."""
    statement, params = narrowed_statement(sort, place)
    with connection.cursor() as executed:
        executed.execute(statement, params)
        row = executed.fetchone()
    return None if row[0] is None else Page(*row)


def page_statement(sort: Sort, place: Place) -> Clause:
    """The statement that reads a page of a sort: count, results and last id in one row."""
    order = ORDERINGS[place.ordering]
    listed = "s.service_type = %s AND s.is_course = %s AND s.is_listed"
    of_sort: list[Param] = [sort.service_type.value, sort.is_course]
    clauses = list(clauses_of(place.filters, place.patterns))
    after, after_params = _after(order, place.cursor)
    if not clauses:
        where, count = f"WHERE {listed} {after}", _TALLY
        sql = _page(order, hits="", source="marketplace_service s", where=where, count=count)
        return sql, [*of_sort, *after_params, place.offset, *of_sort]
    narrowed, params = joined(clauses)
    hits = _HITS.format(where=f"{listed} AND {narrowed}")
    where, count = f"WHERE true {after}", "(SELECT count(*) FROM hits)"
    sql = _page(order, hits=hits, source="hits s", where=where, count=count)
    return sql, [*of_sort, *params, *after_params, place.offset]


def narrowed_statement(sort: Sort, place: Place) -> Clause:
    """Like page_statement, by search sets; the count is null if they can't tell."""
    order = ORDERINGS[place.ordering]
    after, after_params = _after(order, place.cursor)
    narrowed, narrowed_params = joined(clauses_of_many(place.filters))
    hits, params = hits_by_sets(sort, place.patterns, narrowed, narrowed_params)
    count = "(SELECT count(*) FROM hits HAVING EXISTS (SELECT FROM used))"
    sql = _page(order, hits=hits, source="hits s", where=f"WHERE true {after}", count=count)
    return sql, [*params, *after_params, place.offset]


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


def _after(order: _Order, cursor: UUID | None) -> Clause:
    if cursor is None:
        return "", []
    place = f"(SELECT {order.key}, s.id FROM marketplace_service s WHERE s.id = %s)"  # noqa: S608
    return f"AND ({order.key}, s.id) {order.after} {place}", [cursor]
