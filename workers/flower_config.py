"""What Flower reads as it starts: its answers say what browsers may do, and it gives no metrics.

Those would need no password; the worker and the relay have their own.
"""

from flower.urls import handlers as _handlers
from flower.urls import settings as _settings
from flower.views.monitor import Metrics
from tornado.httputil import HTTPHeaders
from tornado.web import OutputTransform

# One of its pages holds a script.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class SecurityHeaders(OutputTransform):
    """Adds them to every answer, a file's and an error's too."""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        for name, value in _HEADERS.items():
            headers[name] = value
        return status_code, headers, chunk


_settings["transforms"] = [SecurityHeaders]
_handlers.remove(("/metrics", Metrics))
