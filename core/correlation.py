"""One id from the HTTP request or socket frame through job and task to the event."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def request_id() -> str:
    """The id of the request or frame being carried out; "" outside one."""
    return _request_id.get()


def traceparent() -> str:
    """The W3C trace context the caller sent; "" without one."""
    return _traceparent.get()


@contextmanager
def correlated(request_id: str = "", traceparent: str = "") -> Iterator[str]:
    """Run a block under an id: the given one if it is well-formed, else a new one."""
    chosen = request_id if _SAFE.fullmatch(request_id) else uuid4().hex
    id_token = _request_id.set(chosen)
    trace_token = _traceparent.set(traceparent if _TRACEPARENT.fullmatch(traceparent) else "")
    try:
        yield chosen
    finally:
        _request_id.reset(id_token)
        _traceparent.reset(trace_token)


@contextmanager
def traced(traceparent: str) -> Iterator[None]:
    """Run a block under another place in the trace."""
    token = _traceparent.set(traceparent)
    try:
        yield
    finally:
        _traceparent.reset(token)


class CorrelationFilter(logging.Filter):
    """Puts the current request_id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(record, "request_id", None) or request_id() or "-"
        return True
