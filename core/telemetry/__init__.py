"""Errors to Sentry and spans to an OpenTelemetry collector, where operators ask for them.

Unset, neither library is imported and a span costs a look at a variable. Neither is told what a
person wrote: no bodies, tokens, codes, emails or numbers, and no exception's text in a span.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from core.telemetry.tracing import Kind, Tracing

Attributes = Mapping[str, str | int | float | bool]

_tracing: "Tracing | None" = None
_OFF = nullcontext()


def start(process: str) -> None:
    """Begin to tell, in this process and under this name. After a fork, in the child."""
    global _tracing  # noqa: PLW0603 - one a process, set as it starts
    if settings.SENTRY_DSN:
        from core.telemetry import errors  # noqa: PLC0415 - for those who use it

        errors.start(settings.SENTRY_DSN, process)
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        from core.telemetry.tracing import Tracing  # noqa: PLC0415 - for those who use it

        _tracing = Tracing(settings.OTEL_EXPORTER_OTLP_ENDPOINT, process)


def stop() -> None:
    """Send what waits, before the process ends."""
    global _tracing  # noqa: PLW0603 - the end of what start began
    if settings.SENTRY_DSN:
        from core.telemetry import errors  # noqa: PLC0415 - imported by start

        errors.stop()
    if _tracing is not None:
        _tracing.stop()
        _tracing = None


def span(name: str, kind: "Kind" = "internal") -> AbstractContextManager[None]:
    """A span around a block: of the current one, or of the caller whose traceparent we run under.

    Inside, the current traceparent is the span's, so that jobs asked for there follow from it.
    """
    return _OFF if _tracing is None else _tracing.span(name, kind)


def describe(attributes: Attributes, *, name: str = "", is_error: bool = False) -> None:
    """Say more of the current span once it is known. Names and ids only."""
    if _tracing is not None:
        _tracing.describe(attributes, name=name, is_error=is_error)
