"""Making search sets and keeping them in step with the services. In a worker's transaction."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from core.marketplace.common_words import MOST_COMMON, ask_ahead, common_patterns, keep_longer
from core.marketplace.models import SearchSet
from core.marketplace.search_sets import MOST_SETS

# Asked for again, it is made again: what nobody searches for any more goes.
KEPT_FOR = timedelta(days=1)
_MADE_AT_ONCE = 10
# Of these, what nobody asked for: a run ends soon enough for those who do.
FORESEEN_AT_ONCE = 5
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('marketplace_searchset'))"


def keep_sets() -> None:
    """Make what was asked for or is common, and bring what there is up to now. One worker at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if cursor.fetchone() != (True,):
            return
        common = common_patterns()
        keep_longer(common)
        SearchSet.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR).delete()
        cursor.execute(_DROP_FOREIGN)
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_SIZE)
        (size,) = cursor.fetchone()
        for kept in _sets(has_bits=True):
            cursor.execute(_RENEW, {**kept, "size": size, "oldest": kept["snapshot"].partition(":")[0]})
        for asked in _sets(has_bits=False)[:_MADE_AT_ONCE]:
            cursor.execute(_MAKE, {**asked, "size": size})
        cursor.execute(_FORGET_GONE)
        # At the end, for the next run: who asks for one of them meanwhile would wait for this one.
        ask_ahead(common, at_most=_room())


def _room() -> int:
    """How many sets may be asked for besides those that people wait for."""
    waiting = SearchSet.objects.filter(bits=None).count()
    return min(FORESEEN_AT_ONCE - waiting, MOST_SETS + MOST_COMMON - SearchSet.objects.count())


def _sets(*, has_bits: bool) -> list[dict[str, Any]]:
    found = SearchSet.objects.filter(bits__isnull=not has_bits).order_by("asked_at", "id")
    names = ("id", "service_type", "is_course", "pattern", "snapshot")
    return [dict(zip(names, row, strict=True)) for row in found.values_list(*names)]


# Snapshots of another cluster, whose dump this was, say nothing here.
_DROP_FOREIGN = """
DELETE FROM marketplace_searchset
WHERE bits IS NOT NULL
    AND pg_snapshot_xmax(snapshot::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
"""

# Longer than any number that may be given out meanwhile, and of one length for most sets.
_SIZE = "SELECT (last_value / 65536 + 2) * 65536 FROM marketplace_service_number"

_MAKE = """
WITH place AS (
    SELECT s.number / 8 AS byte, sum(128 >> (s.number %% 8)::integer) AS bits
    FROM marketplace_service s
    WHERE s.service_type = %(service_type)s AND s.is_course = %(is_course)s AND s.is_listed
        AND s.search_words && ARRAY(
            SELECT word FROM marketplace_searchword
            WHERE word LIKE ANY (string_to_array(%(pattern)s, '|')))
    GROUP BY 1
)
UPDATE marketplace_searchset SET snapshot = pg_current_snapshot()::text, size = %(size)s, bits = (
    SELECT ('x' || string_agg(lpad(to_hex(coalesce(place.bits, 0)::integer), 2, '0'), ''
            ORDER BY byte))::bit varying
    FROM generate_series(0, %(size)s / 8 - 1) AS byte LEFT JOIN place USING (byte))
WHERE id = %(id)s
"""

_RENEW = """
WITH seen AS MATERIALIZED (SELECT %(snapshot)s::pg_snapshot AS snapshot), changed AS MATERIALIZED (
    SELECT s.number, s.is_listed AND s.service_type = %(service_type)s AND s.is_course = %(is_course)s
           AND has_words(s.search_words, ARRAY[%(pattern)s]) AS is_found
    FROM seen, marketplace_service s
    WHERE s.changed_in >= %(oldest)s AND is_unseen(s.changed_in, snapshot)
    UNION ALL
    SELECT gone.number, false FROM seen, marketplace_servicegone gone
    WHERE gone.changed_in >= %(oldest)s AND is_unseen(gone.changed_in, snapshot)
)
UPDATE marketplace_searchset SET snapshot = pg_current_snapshot()::text, size = %(size)s, bits = set_bits(
    set_bits(bits || repeat('0', %(size)s - size)::bit varying,
        ARRAY(SELECT number FROM changed WHERE NOT is_found), 0),
    ARRAY(SELECT number FROM changed WHERE is_found), 1)
WHERE id = %(id)s AND (size < %(size)s OR EXISTS (SELECT FROM changed))
"""

_FORGET_GONE = """
DELETE FROM marketplace_servicegone
WHERE changed_in < (
    SELECT coalesce(min(pg_snapshot_xmin(snapshot::pg_snapshot)::text::bigint),
                    pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    FROM marketplace_searchset WHERE bits IS NOT NULL)
"""
