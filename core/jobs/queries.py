"""How the ledger stands."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from core.jobs import policy

_SUMMARY = """
SELECT queue,
    count(*) FILTER (WHERE state = 'pending'),
    max(now() - run_at) FILTER (WHERE state = 'pending' AND run_at <= now()),
    count(*) FILTER (WHERE state = 'sent'),
    count(*) FILTER (WHERE state = 'sent' AND sent_at < now() - make_interval(secs => %(horizon)s)),
    count(*) FILTER (WHERE state = 'dead'),
    count(*) FILTER (WHERE state = 'done' AND finished_at > now() - interval '1 minute')
FROM jobs_job
WHERE state IN ('pending', 'sent', 'dead')
    OR (state = 'done' AND finished_at > now() - interval '1 minute')
GROUP BY queue ORDER BY queue
"""


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """One queue: jobs by state, the seconds its oldest due job has waited, jobs done a minute."""

    queue: str
    pending: int
    oldest: float
    sent: int
    overdue: int
    dead: int
    rate: int


def summary(*, horizon: timedelta = policy.HORIZON) -> list[QueueSummary]:
    """The queues that have anything to tell, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, {"horizon": horizon.total_seconds()})
        rows = cursor.fetchall()
    return [
        QueueSummary(queue, pending, age.total_seconds() if age else 0.0, *counts)
        for queue, pending, age, *counts in rows
    ]
