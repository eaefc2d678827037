"""How much waits in each queue, and for how long."""

from dataclasses import dataclass

from django.db import connection

from core.jobs.catalogue import Queue

# Since the longest waiting job was due: of those that no worker has begun, sent or not.
OLDEST = """
    max(now() - run_at) FILTER (
        WHERE (state = 'pending' AND run_at <= now())
            OR (state = 'sent' AND (started_at IS NULL OR started_at < sent_at))
    )
"""

# Not IN: each state has an index of its own, and a day of jobs that are done is never read.
UNENDED = "(state = 'pending' OR state = 'sent' OR state = 'dead')"

_DEPTHS = f"""
SELECT queue,
    count(*) FILTER (WHERE state = 'pending' AND run_at <= now()),
    count(*) FILTER (WHERE state = 'pending' AND run_at > now()),
    count(*) FILTER (WHERE state = 'sent'),
    count(*) FILTER (WHERE state = 'dead'),
    {OLDEST}
FROM jobs_job
WHERE {UNENDED}
GROUP BY queue
"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class Depth:
    """One queue: jobs due, delayed (to be tried again later), sent and dead.

    oldest: the seconds since the longest waiting of those not begun was due.
    """

    queue: str
    due: int = 0
    delayed: int = 0
    sent: int = 0
    dead: int = 0
    oldest: float = 0.0

    @property
    def waiting(self) -> int:
        return self.due + self.sent


def depths() -> list[Depth]:
    """Every queue of the product, empty ones too, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPTHS)
        found = {
            queue: Depth(queue, due, delayed, sent, dead, age.total_seconds() if age else 0.0)
            for queue, due, delayed, sent, dead, age in cursor.fetchall()
        }
    return [found.get(queue.value, Depth(queue.value)) for queue in sorted(Queue)]
