"""The figures that jobs live by; docs/decisions/0010-job-ledger.md says why each."""

import random
from datetime import timedelta

CHANNEL = "jobs"
"""NOTIFY's channel: an INSERT into the ledger wakes the relays."""

POLL = 1.0
"""Seconds a relay waits for a NOTIFY before it looks by itself."""

HORIZON = timedelta(seconds=5)
"""A job sent this long ago and not begun is looked into: is its message lost?"""

OVERTAKEN_BY = timedelta(seconds=3)
"""A job is overtaken once one sent this much later to the same queue is done."""

BATCH = 200
"""Jobs of one queue that a relay takes at once."""

MAX_ATTEMPTS = 10
SOFT_TIME_LIMIT = 30
"""Seconds until a running job is interrupted; HARD_GRACE later its process is killed."""
HARD_GRACE = 15

FIRST_DELAY = 1.0
LONGEST_DELAY = 600.0

KEEP_FINISHED = timedelta(hours=24)
UNKNOWN_AFTER = timedelta(hours=1)
"""A job no relay knows by name is dead after this: long enough for a roll-out."""


def delay_after(attempt: int) -> timedelta:
    """How long to wait after the attempt failed: doubling, with jitter so that none march in step."""
    doubled = FIRST_DELAY * 2 ** min(attempt - 1, 20)
    return timedelta(seconds=min(LONGEST_DELAY, doubled) * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
