"""Search sets for the commonest words, asked for before anybody searches for them.

Which they are, PostgreSQL knows from its statistics of the services' words: no service is read.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.marketplace.filters import pattern_of

MOST_COMMON = 100
# What fewer are found by is counted fast enough for whoever asks first.
FEWEST_SERVICES = 5_000
# A word that is rarer by itself isn't thought of; parts of words are many.
_WORDS_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Common:
    """A pattern that many services of a kind are found by."""

    service_type: str
    is_course: bool
    pattern: str


def common_patterns() -> list[Common]:
    """The commonest first; none of a market that was never analysed."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [_WORDS_LOOKED_AT])
        patterns = list(dict.fromkeys(pattern_of(word) for (word,) in cursor.fetchall()))
        cursor.execute(_PATTERNS, [patterns, FEWEST_SERVICES, MOST_COMMON])
        return [Common(*row) for row in cursor.fetchall()]


def keep_longer(common: list[Common]) -> None:
    """Let the sets there are of these live for another day."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _columns(common))


def ask_ahead(common: list[Common], *, at_most: int) -> None:
    """Ask for so many sets of those that have none, the commonest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [*_columns(common), max(0, at_most)])


def _columns(common: list[Common]) -> list[list[Any]]:
    return [
        [one.service_type for one in common],
        [one.is_course for one in common],
        [one.pattern for one in common],
    ]


# Of the statistics' words, and how many of all services have each. Beyond the words, the frequencies
# go on with others' meanings.
_KNOWN = """
known AS MATERIALIZED (
    SELECT word, least(share, 0.999999)::float8 AS share
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
    WHERE schemaname = current_schema() AND tablename = 'marketplace_service'
        AND attname = 'search_words' AND NOT inherited AND word IS NOT NULL
)"""

_WORDS = f"WITH {_KNOWN} SELECT word FROM known ORDER BY share DESC, word LIMIT %s"  # noqa: S608

# A pattern is found in many words: in a service with any of them, taken as independent.
_PATTERNS = f"""
WITH {_KNOWN}, pattern AS (
    SELECT pattern, 1 - exp(sum(ln(1 - share))) AS share
    FROM unnest(%s::text[]) AS pattern JOIN known ON word LIKE pattern GROUP BY pattern
), kind AS (
    SELECT service_type, is_course, sum(delta) AS size FROM marketplace_servicetally GROUP BY 1, 2
)
SELECT service_type, is_course, pattern FROM kind, pattern
WHERE share * size >= %s ORDER BY share * size DESC, pattern, service_type, is_course LIMIT %s
"""  # noqa: S608

_COMMON = """
unnest(%s::text[], %s::boolean[], %s::text[])
    WITH ORDINALITY AS common (service_type, is_course, pattern, place)"""

_KEEP = f"""
UPDATE marketplace_searchset kept SET asked_at = now() FROM {_COMMON}
WHERE (kept.service_type, kept.is_course, kept.pattern)
    = (common.service_type, common.is_course, common.pattern)
    AND kept.bits IS NOT NULL AND kept.asked_at < now() - interval '12 hours'
"""  # noqa: S608

_ASK = f"""
INSERT INTO marketplace_searchset (service_type, is_course, pattern, size, snapshot)
SELECT service_type, is_course, pattern, 0, '' FROM {_COMMON}
WHERE NOT EXISTS (
    SELECT FROM marketplace_searchset kept
    WHERE (kept.service_type, kept.is_course, kept.pattern)
        = (common.service_type, common.is_course, common.pattern))
ORDER BY place LIMIT %s
ON CONFLICT DO NOTHING
"""  # noqa: S608
