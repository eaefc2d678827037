"""Spans by OTLP over HTTP, sent in batches beside the work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from core.correlation import request_id, traced, traceparent

if TYPE_CHECKING:
    from core.telemetry import Attributes

Kind = Literal["server", "consumer", "client", "producer", "internal"]
_EXPORT_TIMEOUT = 5
_FLUSH_MILLISECONDS = 2000
_W3C = TraceContextTextMapPropagator()


class Tracing:
    """The spans of one process. The collector's own variables (OTEL_…) hold too."""

    def __init__(self, endpoint: str, process: str) -> None:
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_TIMEOUT)
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": f"my-accountant-{process}"})
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("my_accountant")

    @contextmanager
    def span(self, name: str, kind: Kind) -> Iterator[None]:
        """As core.telemetry.span. An exception marks the span, but its text isn't told."""
        with self._tracer.start_as_current_span(
            name,
            context=_parent(),
            kind=SpanKind[kind.upper()],
            attributes={"accountant.request_id": request_id()},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            carrier: dict[str, str] = {}
            _W3C.inject(carrier)
            with traced(carrier.get("traceparent", "")):
                try:
                    yield
                except BaseException as error:
                    span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                    raise

    def describe(self, attributes: "Attributes", *, name: str, is_error: bool) -> None:
        span = trace.get_current_span()
        span.set_attributes(attributes)
        if name:
            span.update_name(name)
        if is_error:
            span.set_status(Status(StatusCode.ERROR))

    def stop(self) -> None:
        self._provider.force_flush(_FLUSH_MILLISECONDS)


def _parent() -> Context | None:
    """The span around us, or else the caller's."""
    if trace.get_current_span().get_span_context().is_valid:
        return None
    return _W3C.extract({"traceparent": traceparent()})
