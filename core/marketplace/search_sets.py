"""What is found if every pattern has a search set: docs/decisions/0035-search-sets.md.

The sets' bits are intersected and counted without reading a service; the page is read off an index
of the list's order, taking the services that have a bit. What changed since a set was made is looked
at itself, so the answer is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from core import jobs
from core.marketplace.cards import CARD
from core.marketplace.visibility import Sort
from core.prepared import fetch_one

MOST_SETS = 500
# A search with fewer results is found faster by the index of words.
FEWEST_RESULTS = 500
# Index entries that may be looked at for a page; some 50 ns each.
_LONGEST_WALK = 60_000
# Reading all of an index costs what reading so small a share of the services costs.
_LEAST_SHARE = 16
# More changes since a set was made than are looked at one by one.
_MOST_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class Walk:
    """The order of the list, as SQL, and where in it the page begins."""

    key: str
    way: str
    after: str
    after_params: Sequence[Any]
    offset: int
    size: int


def read_page(sort: Sort, patterns: list[str], walk: Walk) -> tuple[Any, ...] | None:
    """count, results and last id; None if a pattern has no set, or too few results to walk for.

    The statements of first pages are few, and planned once a connection.
    """
    counted, params = counted_by_sets(sort, patterns)
    statement = _PAGE.format(
        counted=counted,
        key=walk.key,
        way=walk.way,
        after=walk.after,
        reach=walk.offset + walk.size,
        size=walk.size,
        offset=walk.offset,
        card=CARD,
        longest_walk=_LONGEST_WALK,
    )
    params += [sort.service_type.value, sort.is_course, *walk.after_params, *walk.after_params]
    if not walk.offset:
        return fetch_one(statement, params)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def counted_by_sets(sort: Sort, patterns: Sequence[str]) -> tuple[str, list[Any]]:
    """CTEs: found, the bits; changed, what they don't know; total, the count. Empty without sets."""
    kind = [sort.service_type.value, sort.is_course]
    params = [*kind, [*patterns], len(patterns), *kind, [*patterns]]
    return _COUNTED.format(most_changes=_MOST_CHANGES), params


def hits_by_sets(
    sort: Sort, patterns: Sequence[str], narrowed: str, params: Sequence[Any]
) -> tuple[str, list[Any]]:
    """CTEs as above, and hits: what is found and is narrowed, as SQL on the service s.

    used has a row if these are all; else nothing was read, for the index of words is faster.
    """
    counted, counted_params = counted_by_sets(sort, patterns)
    hits = _HITS.format(counted=counted, narrowed=narrowed, least_share=_LEAST_SHARE)
    kind = [sort.service_type.value, sort.is_course]
    return hits, [*counted_params, *kind, *params, *params]


def ask_for(sort: Sort, patterns: list[str]) -> None:
    """Have sets made for these patterns, unless there are enough. Doesn't wait for their upkeep."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ASK, [sort.service_type.value, sort.is_course, patterns, MOST_SETS])
        if cursor.rowcount:
            jobs.marketplace.keep_search_sets()


# A row that the upkeep is writing would be waited for by ON CONFLICT: what is there isn't inserted.
_ASK = """
INSERT INTO marketplace_searchset (service_type, is_course, pattern, size, snapshot)
SELECT asked.service_type, asked.is_course, wanted.pattern, 0, ''
FROM (VALUES (%s, %s)) AS asked (service_type, is_course), unnest(%s::text[]) AS wanted (pattern)
WHERE (SELECT count(*) FROM marketplace_searchset) < %s AND NOT EXISTS (
    SELECT FROM marketplace_searchset kept
    WHERE kept.service_type = asked.service_type AND kept.is_course = asked.is_course
        AND kept.pattern = wanted.pattern)
ON CONFLICT DO NOTHING
"""

# Double negation makes bits that lie in memory as they are: of an aggregate over one row they would
# be a pointer to where they are stored, followed again for each bit that is looked at.
_COUNTED = """
kept AS MATERIALIZED (
    SELECT bits, size, snapshot::pg_snapshot AS snapshot FROM marketplace_searchset
    WHERE service_type = %s AND is_course = %s AND pattern = ANY(%s) AND bits IS NOT NULL
        AND pg_snapshot_xmax(snapshot::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
), found AS MATERIALIZED (
    SELECT ~ bit_or(~ bits) AS bits, max(kept.size) AS size,
           min(pg_snapshot_xmin(snapshot)::text::bigint) AS oldest
    FROM kept WHERE size = (SELECT max(size) FROM kept) HAVING count(*) = %s
), changed AS MATERIALIZED (
    (SELECT s.id, s.number, s.is_listed AND s.service_type = %s AND s.is_course = %s
            AND has_words(s.search_words, %s) AS is_found
     FROM marketplace_service s
     WHERE s.changed_in >= (SELECT oldest FROM found)
        AND EXISTS (SELECT FROM kept WHERE is_unseen(s.changed_in, kept.snapshot))
     ORDER BY s.changed_in DESC LIMIT {most_changes})
    UNION ALL
    SELECT NULL, gone.number, false
    FROM marketplace_servicegone gone
    WHERE gone.changed_in >= (SELECT oldest FROM found)
        AND EXISTS (SELECT FROM kept WHERE is_unseen(gone.changed_in, kept.snapshot))
), total AS MATERIALIZED (
    SELECT bit_count(found.bits) + (SELECT count(*) FROM changed WHERE is_found) - (
               SELECT count(*) FROM changed
               WHERE CASE WHEN number < found.size THEN get_bit(found.bits, number::integer) END = 1
           ) AS count, found.size
    FROM found WHERE (SELECT count(*) FROM changed) < {most_changes}
)"""

_HITS = """
{counted}, used AS MATERIALIZED (
    SELECT FROM total WHERE count * {least_share} >= size
), hits AS MATERIALIZED (
    SELECT s.id, s.created_at, s.price, s.estimated_duration FROM marketplace_service s
    WHERE EXISTS (SELECT FROM used) AND s.service_type = %s AND s.is_course = %s AND s.is_listed
        AND {narrowed}
        AND CASE WHEN s.number < (SELECT size FROM found)
            THEN get_bit((SELECT bits FROM found), s.number::integer) END = 1
        AND s.number NOT IN (SELECT number FROM changed)
    UNION ALL
    SELECT s.id, s.created_at, s.price, s.estimated_duration
    FROM changed JOIN marketplace_service s ON s.id = changed.id
    WHERE EXISTS (SELECT FROM used) AND changed.is_found AND {narrowed}
),"""

_PAGE = """
WITH {counted}, page AS MATERIALIZED (
    SELECT s.id, row_number() OVER (ORDER BY {key} {way}, s.id {way}) AS place
    FROM (
        (SELECT s.id, s.created_at, s.price, s.estimated_duration FROM marketplace_service s
         WHERE s.service_type = %s AND s.is_course = %s AND s.is_listed {after}
            AND (SELECT size * {reach} <= {longest_walk} * count FROM total)
            AND CASE WHEN s.number < (SELECT size FROM found)
                THEN get_bit((SELECT bits FROM found), s.number::integer) END = 1
            AND s.number <> ALL(ARRAY(SELECT number FROM changed))
         ORDER BY {key} {way}, s.id {way} LIMIT {reach})
        UNION ALL
        SELECT s.id, s.created_at, s.price, s.estimated_duration
        FROM changed JOIN marketplace_service s ON s.id = changed.id
        WHERE changed.is_found {after}
    ) s ORDER BY {key} {way}, s.id {way} LIMIT {size} OFFSET {offset}
)
SELECT max(count)::bigint,
       coalesce(json_agg(card ORDER BY place) FILTER (WHERE id IS NOT NULL), '[]')::text,
       (array_agg(id ORDER BY place))[{size}]
FROM total LEFT JOIN (
    SELECT page.id, page.place, {card} AS card
    FROM page JOIN marketplace_service s ON s.id = page.id JOIN accounts_user u ON u.id = s.user_id
) cards ON true
WHERE size * {reach} <= {longest_walk} * count
HAVING count(*) > 0
"""
