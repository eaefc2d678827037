"""The relay's side of the ledger: what to publish, and what to publish again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from core.jobs import policy
from core.jobs.catalogue import CATALOGUE
from core.jobs.params import Stored

_Value = str | float | bool | list[str]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed job: what its message is made of, and the seconds since it was due."""

    id: str
    name: str
    queue: str
    params: Stored
    request_id: str
    traceparent: str
    waited: float = field(compare=False)


# A claim that a crash of the database forgets is made again: it needn't wait for the disk.
_RETURNING = """
RETURNING job.id::text, job.name, job.queue, job.params::text, job.request_id, job.traceparent,
          extract(epoch FROM clock_timestamp() - job.run_at)::float,
          set_config('synchronous_commit', 'off', true)
"""

_CLAIM_DUE = """
WITH due AS (
    SELECT waiting.id
    FROM unnest(%(queues)s::text[]) AS queue (name)
    CROSS JOIN LATERAL (
        SELECT id FROM jobs_job
        WHERE state = 'pending' AND jobs_job.queue = queue.name
            AND run_at <= clock_timestamp() AND jobs_job.name = ANY (%(names)s)
        ORDER BY run_at
        LIMIT %(batch)s
        FOR UPDATE SKIP LOCKED
    ) AS waiting
)
UPDATE jobs_job AS job SET state = 'sent', sent_at = clock_timestamp()
FROM due WHERE job.id = due.id
"""

_LATE_QUEUES = """
SELECT queue.name FROM unnest(%(queues)s::text[]) AS queue (name)
WHERE EXISTS (
    SELECT FROM jobs_job
    WHERE state = 'sent' AND jobs_job.queue = queue.name
        AND sent_at < now() - make_interval(secs => %(horizon)s)
)
"""

# A row that a worker holds is running: SKIP LOCKED passes it by, however long it takes.
_CLAIM_LOST = """
WITH reached AS (
    SELECT max(sent_at) AS sent_at FROM (
        SELECT sent_at FROM jobs_job
        WHERE state IN ('done', 'discarded') AND queue = %(queue)s
        ORDER BY finished_at DESC
        LIMIT 20
    ) AS latest
), lost AS (
    SELECT id FROM jobs_job
    WHERE state = 'sent' AND queue = %(queue)s AND sent_at < now() - make_interval(secs => %(horizon)s)
        AND (%(empty)s OR sent_at < (SELECT sent_at - make_interval(secs => %(overtaken_by)s) FROM reached))
    ORDER BY sent_at
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
)
UPDATE jobs_job AS job SET sent_at = clock_timestamp()
FROM lost WHERE job.id = lost.id
"""

_GIVE_BACK = """
UPDATE jobs_job SET state = 'pending'
WHERE id IN (
    SELECT id FROM jobs_job WHERE id = ANY (%(ids)s::uuid[]) AND state = 'sent'
    FOR UPDATE SKIP LOCKED
)
"""

_BURY_UNKNOWN = """
UPDATE jobs_job SET state = 'dead', finished_at = clock_timestamp(), error = 'No job has this name.'
WHERE state = 'pending' AND run_at < now() - make_interval(secs => %(grace)s) AND NOT name = ANY (%(names)s)
"""


def claim_due() -> list[Outgoing]:
    """Take what is due, a batch of each queue, and commit; nobody else gets the same."""
    return _claim(_CLAIM_DUE, {"queues": queues(), "names": list(CATALOGUE), "batch": policy.BATCH})


def late_queues(horizon: timedelta) -> list[str]:
    """The queues with jobs that were sent longer ago than the horizon and aren't done."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE_QUEUES, {"queues": queues(), "horizon": horizon.total_seconds()})
        return [name for (name,) in cursor.fetchall()]


def claim_lost(queue: str, *, empty: bool, horizon: timedelta) -> list[Outgoing]:
    """Take a batch of the queue's jobs whose messages are lost, and commit.

    Lost is what is late while the broker's queue is empty, or while later ones are done already:
    a long backlog is merely late, and publishing it again would only make it longer.
    """
    values: dict[str, _Value] = {
        "queue": queue,
        "empty": empty,
        "horizon": horizon.total_seconds(),
        "overtaken_by": min(policy.OVERTAKEN_BY, horizon).total_seconds(),
        "batch": policy.BATCH,
    }
    return _claim(_CLAIM_LOST, values)


def give_back(jobs: Iterable[Outgoing]) -> None:
    """Jobs that couldn't be published, or perhaps couldn't, are due again at once."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"ids": [job.id for job in jobs]})


def bury_unknown() -> int:
    """Jobs that no code has carried out for a while are dead; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BURY_UNKNOWN, {"grace": policy.UNKNOWN_AFTER.total_seconds(), "names": list(CATALOGUE)}
        )
        return int(cursor.rowcount)


def queues() -> list[str]:
    """The queues of all known jobs."""
    return sorted({job.queue.value for job in CATALOGUE.values()})


def _claim(statement: str, values: Mapping[str, _Value]) -> list[Outgoing]:
    with connection.cursor() as cursor:
        cursor.execute(statement + _RETURNING, values)
        rows = cursor.fetchall()
    jobs = (
        Outgoing(job_id, name, queue, json.loads(stored), request_id, traceparent, waited)
        for job_id, name, queue, stored, request_id, traceparent, waited, _ in rows
    )
    return sorted(jobs, key=lambda job: job.id)
