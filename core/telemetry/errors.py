"""Sentry is told what is logged as an error, and nothing of who it happened to."""

from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import sentry_sdk
from sentry_sdk.integrations import Integration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.scope import register_external_propagation_context

from core.correlation import request_id, traceparent
from core.redaction import anonymous, in_each_text

# Ours, made of names, ids and numbers of the program's own.
_PLAIN = frozenset({"event_id", "timestamp", "platform", "sdk", "level", "logger", "release", "environment"})
_FLUSH = 2.0


def start(dsn: str, process: str) -> None:
    """Report every record logged as an error, and what nobody caught, from now on."""
    integrations: list[Integration] = [
        LoggingIntegration(level=None),
        AtexitIntegration(callback=lambda pending, timeout: None),
        DedupeIntegration(),
        ExcepthookIntegration(),
        ThreadingIntegration(),
    ]
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        integrations=integrations,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=_FLUSH,
        before_send=_scrubbed,  # type: ignore[arg-type]
    )
    register_external_propagation_context(_place_in_trace)
    sentry_sdk.set_tag("process", process)


def stop() -> None:
    sentry_sdk.flush(_FLUSH)


def _place_in_trace() -> tuple[str, str]:
    """The trace and the span an error belongs to: Sentry's own are one for the whole process."""
    if given := traceparent():
        _, trace_id, span_id, _ = given.split("-")
        return trace_id, span_id
    request = uuid5(NAMESPACE_URL, request_id()) if request_id() else uuid4()
    return request.hex, uuid4().hex[:16]


def _scrubbed(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    told = {key: value if key in _PLAIN else in_each_text(anonymous, value) for key, value in event.items()}
    for unwanted in ("user", "request", "breadcrumbs"):
        told.pop(unwanted, None)
    if given := request_id():
        told.setdefault("tags", {})["request_id"] = given
    return told
