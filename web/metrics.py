"""What is counted of requests: by route template, so that no client can make up new series."""

from django.http import HttpRequest
from prometheus_client import Counter, Histogram

from core.metrics import SECONDS

UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})

REQUESTS = Counter("accountant_http_requests_total", "Requests answered.", ["method", "route", "status"])
DURATION = Histogram(
    "accountant_http_request_duration_seconds",
    "From a request's arrival in web to its answer.",
    ["method", "route"],
    buckets=SECONDS,
)


def route_of(request: HttpRequest) -> str:
    """The template of the path that matched (`bookings/<uuid:booking_id>/`)."""
    match = request.resolver_match
    return f"/{match.route}" if match else UNMATCHED


def count_request(request: HttpRequest, route: str, status: int, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "OTHER"
    REQUESTS.labels(method, route, status).inc()
    DURATION.labels(method, route).observe(seconds)
