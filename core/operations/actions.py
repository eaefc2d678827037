"""Writing the history, a row a minute, and forgetting what is old."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from core.jobs.depths import depths
from core.operations.models import Sample
from core.realtime.bus import BusUnavailable
from core.realtime.sockets import open_sockets

KEEP = timedelta(days=7)
MINUTE = timedelta(minutes=1)
_APART = timedelta(seconds=10)

# Not IN: each state has an index of its own.
_JOBS = """
SELECT count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'dead')
FROM jobs_job
WHERE (state = 'done' OR state = 'dead') AND finished_at >= %s AND finished_at < %s
"""
_MAILS = """
SELECT count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM mailed_at - created_at)),
    max(extract(epoch FROM mailed_at - created_at))
FROM accounts_otprequest
WHERE mailed_at >= %s AND mailed_at < %s
"""


def take_sample() -> None:
    """Write the row of the minute that is over, once whoever asks; drop rows older than KEEP."""
    now = timezone.now()
    Sample.objects.filter(at__lt=now - KEEP).delete()
    if not Sample.objects.filter(taken_at__gt=now - _APART).exists():
        Sample.objects.bulk_create([_sample(now)], ignore_conflicts=True)


def _sample(now: datetime) -> Sample:
    end = now.replace(second=0, microsecond=0)
    begin = end - MINUTE
    queues = depths()
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, [begin, end])
        done, dead = cursor.fetchone()
        cursor.execute(_MAILS, [begin, end])
        mails, median, slowest = cursor.fetchone()
    return Sample(
        at=begin,
        taken_at=now,
        queues={queue.queue: [queue.waiting, round(queue.oldest, 1)] for queue in queues},
        delayed=sum(queue.delayed for queue in queues),
        done=done,
        dead=dead,
        mails=mails,
        mail_median=median,
        mail_slowest=slowest,
        sockets=_sockets(),
    )


def _sockets() -> int | None:
    try:
        return open_sockets()
    except BusUnavailable:
        return None
