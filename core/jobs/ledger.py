"""Writing jobs down: the only way in. A row is there if and only if the caller's commit is."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from core import correlation
from core.jobs.ids import uuid7
from core.jobs.params import Stored


class NoTransaction(RuntimeError):
    """A job was asked for outside a transaction, where it can't be one with what it follows from."""


_ADD = """
INSERT INTO jobs_job (id, name, queue, params, request_id, traceparent)
SELECT id, %(name)s, %(queue)s, params, %(request_id)s, %(traceparent)s
FROM unnest(%(ids)s::uuid[], %(params)s::jsonb[]) AS row (id, params)
"""

_ADD_PERIOD = """
INSERT INTO jobs_job (id, name, queue, params, request_id, schedule, period)
SELECT %(id)s, %(name)s, %(queue)s, '{}', %(request_id)s, %(name)s, %(period)s
WHERE NOT EXISTS (
    SELECT FROM jobs_job WHERE schedule = %(name)s AND state IN ('pending', 'sent')
)
ON CONFLICT (schedule, period) WHERE schedule IS NOT NULL DO NOTHING
"""


def add(name: str, queue: str, stored: Sequence[Stored]) -> list[UUID]:
    """Insert one row for each set of parameters, under the caller's request_id and traceparent."""
    if not connection.in_atomic_block:
        raise NoTransaction(f"{name}: open the transaction of what the job follows from first")
    ids = [uuid7() for _ in stored]
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {
                "name": name,
                "queue": queue,
                "ids": ids,
                "params": [json.dumps(values) for values in stored],
                "request_id": correlation.request_id(),
                "traceparent": correlation.traceparent(),
            },
        )
    return ids


def add_period(name: str, queue: str, period: datetime) -> bool:
    """Insert the job of a period, once whoever asks and unless an earlier one still waits.

    Returns whether this call wrote it.
    """
    identity = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_PERIOD,
            {"id": identity, "name": name, "queue": queue, "period": period, "request_id": identity.hex},
        )
        return bool(cursor.rowcount)
