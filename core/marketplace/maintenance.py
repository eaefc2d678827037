"""What workers keep in order. Each may run at any time, and twice."""

from uuid import UUID

from django.db import connection

from core.jobs import marketplace as jobs
from core.marketplace.locks import locked
from core.marketplace.models import Service

_REFRESHED_AT_ONCE = 500

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


def refresh_category(*, category_id: UUID, after: UUID | None = None) -> None:
    """Derive the search words of a category's next services anew; the database's trigger does it.

    A job of its own goes on after them: nobody waits for an owner longer than some of them take.
    """
    services = Service.objects.filter(categories=category_id).order_by("id")
    if after is not None:
        services = services.filter(id__gt=after)
    ids = list(services.values_list("id", flat=True)[:_REFRESHED_AT_ONCE])
    locked(Service.objects.filter(id__in=ids).only("id"))
    Service.objects.filter(id__in=ids).update(search_words=[])
    if len(ids) == _REFRESHED_AT_ONCE:
        jobs.refresh_category(category_id=category_id, after=ids[-1])


def add_up_tallies() -> None:
    """One row a kind of service instead of one a change."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP)
