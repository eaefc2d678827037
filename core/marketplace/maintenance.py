"""What workers keep in order. Each may run at any time, and twice."""

from uuid import UUID

from django.db import connection

from core.marketplace.models import Service

# One statement: whoever counts meanwhile sees the rows before it or after it, never in between.
# A sum of 0 is kept too: that the highest id only ever grows is what core.marketplace.recent needs.
_ADD_UP = """
WITH taken AS (
    DELETE FROM marketplace_servicetally WHERE id IN (
        SELECT id FROM marketplace_servicetally FOR UPDATE SKIP LOCKED)
    RETURNING service_type, is_course, delta
)
INSERT INTO marketplace_servicetally (service_type, is_course, delta)
SELECT service_type, is_course, sum(delta) FROM taken
GROUP BY service_type, is_course
"""


def refresh_category(*, category_id: UUID) -> None:
    """Derive the search words of a category's services anew; the database's trigger does it."""
    Service.objects.filter(categories=category_id).update(search_words=[])


def add_up_tallies() -> None:
    """One row a kind of service instead of one a change."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP)
