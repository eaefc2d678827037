"""The worker's side of the ledger: begin, finish, put off, give up."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from core.jobs.params import Stored


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt that was counted; crashed says that the one before it never ended.

    waited and age: the seconds since it was due, and since it was asked for.
    """

    attempt: int
    params: Stored
    request_id: str
    traceparent: str
    crashed: bool
    waited: float
    age: float


# Counted before the body and for good, so that a body that kills its process can't loop for ever.
# Begun since it was sent, yet not locked: whoever began it is no more, and that was counted then.
_BEGIN = """
WITH found AS (
    SELECT id, coalesce(started_at >= sent_at, false) AS crashed FROM jobs_job
    WHERE id = %s AND name = %s AND state = 'sent'
    FOR UPDATE SKIP LOCKED
)
UPDATE jobs_job AS job
SET started_at = clock_timestamp(),
    attempts = attempts + CASE WHEN found.crashed THEN 0 ELSE 1 END
FROM found WHERE job.id = found.id
RETURNING job.attempts, job.params::text, job.request_id, job.traceparent, found.crashed,
          extract(epoch FROM clock_timestamp() - job.run_at)::float,
          extract(epoch FROM clock_timestamp() - job.created_at)::float,
          set_config('synchronous_commit', 'off', true)
"""

# A crash of the database that forgets this forgets the effect too, and the job is carried out anew:
# only where the effect lies outside must the commit wait for the disk.
_FINISH = """
UPDATE jobs_job SET state = 'done', finished_at = clock_timestamp(), error = ''
WHERE id = (
    SELECT id FROM jobs_job WHERE id = %s AND state = 'sent' AND attempts = %s
    FOR UPDATE SKIP LOCKED
)
RETURNING CASE WHEN %s THEN '' ELSE set_config('synchronous_commit', 'off', true) END
"""

_PUT_OFF = """
UPDATE jobs_job SET state = 'pending', run_at = clock_timestamp() + make_interval(secs => %s), error = %s
WHERE id = %s AND state = 'sent' AND attempts = %s
"""

_BURY = """
UPDATE jobs_job SET state = 'dead', finished_at = clock_timestamp(), error = %s
WHERE id = %s AND state = 'sent' AND attempts = %s
"""


def begin(job_id: str, name: str) -> Started | None:
    """Count an attempt and commit that; None if the job is unknown, running, done or not sent."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [job_id, name])
        row = cursor.fetchone()
    if row is None:
        return None
    attempt, stored, *rest, _ = row
    return Started(attempt, json.loads(stored), *rest)


def finish(job_id: str, attempt: int, *, irrevocable: bool) -> bool:
    """Lock the job and mark it done; first thing in the transaction that also holds its effect.

    Nobody sees the mark before that commits. False if another delivery has the job.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [job_id, attempt, irrevocable])
        return cursor.fetchone() is not None


def put_off(job_id: str, attempt: int, *, delay: timedelta, error: str) -> None:
    """The attempt failed: the job is due again after the delay."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_OFF, [delay.total_seconds(), error, job_id, attempt])


def bury(job_id: str, attempt: int, *, error: str) -> None:
    """The job is dead, with its trace, until someone retries or discards it."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, [error, job_id, attempt])
