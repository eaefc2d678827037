"""How the ledger stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from core.jobs import policy
from core.jobs.catalogue import JobType
from core.jobs.depths import OLDEST, UNENDED
from core.jobs.models import Job, State

_SUMMARY = f"""
SELECT queue,
    count(*) FILTER (WHERE state = 'pending'),
    {OLDEST},
    count(*) FILTER (WHERE state = 'sent'),
    count(*) FILTER (WHERE state = 'sent' AND sent_at < now() - make_interval(secs => %(horizon)s)),
    count(*) FILTER (WHERE state = 'dead'),
    count(*) FILTER (WHERE state = 'done' AND finished_at > now() - interval '1 minute')
FROM jobs_job
WHERE {UNENDED}
    OR (state = 'done' AND finished_at > now() - interval '1 minute')
GROUP BY queue ORDER BY queue
"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """One queue: jobs by state, the seconds its longest waiting one has been due, jobs done a minute."""

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


def given_up_ids(job: JobType[Any], parameter: str, *, since: datetime) -> QuerySet[Job, Any]:
    """The ids that were a parameter of jobs that died or were discarded since."""
    ended = Q(state=State.DEAD) | Q(state=State.DISCARDED)
    return _ids_in(job, parameter).filter(ended, finished_at__gte=since)


def unended_ids(job: JobType[Any], parameter: str) -> QuerySet[Job, Any]:
    """The ids that are a parameter of jobs that will still be carried out, or died and need a person."""
    return _ids_in(job, parameter).filter(Q(state=State.PENDING) | Q(state=State.SENT) | Q(state=State.DEAD))


def _ids_in(job: JobType[Any], parameter: str) -> QuerySet[Job, Any]:
    """To be filtered by states, but not by IN: each of them has an index of its own."""
    jobs = Job.objects.filter(queue=job.queue, name=job.name)
    return jobs.values_list(Cast(KeyTextTransform(parameter, "params"), UUIDField()), flat=True)
