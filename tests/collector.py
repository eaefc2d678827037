"""A stand-in for Sentry and for an OpenTelemetry collector: keeps what it is sent."""

import gzip
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """Listens inside a `with` block."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.received.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def dsn(self) -> str:
        return f"http://public@{self.address}/1"

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def bodies(self, path: str) -> list[bytes]:
        return [body for at, body in list(self.received) if at.startswith(path)]

    def envelopes(self) -> list[str]:
        """What Sentry was told."""
        return [body.decode() for body in self.bodies("/api/1/envelope/")]

    def spans(self) -> list[tuple[str, Span]]:
        """Every span with the name of its service."""
        return [
            (resource.resource.attributes[_service(resource.resource)].value.string_value, span)
            for body in self.bodies("/v1/traces")
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def _service(resource: object) -> int:
    names = [attribute.key for attribute in resource.attributes]  # type: ignore[attr-defined]
    return names.index("service.name")
