"""What is counted of mails: how they end, and how long their readers waited for them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prometheus_client import Counter, Histogram

from core.errors import PermanentError, TransientError
from core.metrics.buckets import LONG_SECONDS

MAILS = Counter("accountant_mails_total", "Mails given to the mail server, by its answer.", ["outcome"])
LATENCY = Histogram(
    "accountant_mail_latency_seconds",
    "From the request for a mail to the mail server's answer that it took it.",
    buckets=LONG_SECONDS,
)
_asked_at: ContextVar[float | None] = ContextVar("mail_asked_at", default=None)


@contextmanager
def asked_ago(seconds: float) -> Iterator[None]:
    """What is mailed in the block was asked for so many seconds ago."""
    token = _asked_at.set(time.monotonic() - max(seconds, 0.0))
    try:
        yield
    finally:
        _asked_at.reset(token)


@contextmanager
def counted_mail() -> Iterator[None]:
    """Count the mail that the block gives to the server, by what it raises."""
    try:
        yield
    except PermanentError:
        MAILS.labels("refused").inc()
        raise
    except TransientError:
        MAILS.labels("put_off").inc()
        raise
    MAILS.labels("sent").inc()
    if (asked_at := _asked_at.get()) is not None:
        LATENCY.observe(time.monotonic() - asked_at)
