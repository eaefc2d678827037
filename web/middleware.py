"""What happens around every request."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import telemetry
from core.correlation import correlated
from web import errors, metrics

logger = logging.getLogger("web.access")
_PROBES = "/health/"
_Next = Callable[[HttpRequest], HttpResponseBase]


class CorrelationMiddleware:
    """Gives the request its id (the client's X-Request-ID if well-formed) and logs its end."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        with (
            correlated(given, request.headers.get("traceparent", "")) as request_id,
            _span(request),
        ):
            started = time.perf_counter()
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            _note(request, response.status_code, time.perf_counter() - started)
            return response


def _span(request: HttpRequest) -> AbstractContextManager[None]:
    """Probes come every few seconds, and would bury what people ask for."""
    return nullcontext() if _is_probe(request) else telemetry.span("request", "server")


def _is_probe(request: HttpRequest) -> bool:
    return request.path.startswith(_PROBES)


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    """Count and log a request that was answered."""
    route = metrics.route_of(request)
    metrics.count_request(request, route, status, seconds)
    facts = {
        "method": request.method,
        # The path alone: a query string may hold a token or a signature.
        "path": request.path.encode("unicode_escape").decode(),
        "route": route,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
    }
    telemetry.describe(
        {
            "http.request.method": str(request.method),
            "http.route": route,
            "http.response.status_code": status,
        },
        name=f"{request.method} {route}",
        is_error=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    level = logging.DEBUG if _is_probe(request) else logging.INFO
    logger.log(level, "%(method)s %(path)s %(status)d %(duration_ms)sms", facts, extra=facts)


class BodilessMiddleware:
    """Takes the content type off answers that by HTTP have no content: 204 and 304."""

    _BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in self._BODILESS:
            response.headers.pop("Content-Type", None)
        return response


class JsonErrorsMiddleware:
    """Replaces the bare pages that Django and ninja make outside a view's own errors."""

    _PLAIN = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST)

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_json = response.get("Content-Type", "").startswith("application/json")
        if response.status_code not in self._PLAIN or is_json:
            return response
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return self._method_not_allowed(request, response)
        return errors.bad_request(request)

    @staticmethod
    def _method_not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
        message = f'Method "{request.method}" not allowed.'
        replacement = errors.detail(message, HTTPStatus.METHOD_NOT_ALLOWED)
        if "Allow" in response:
            replacement["Allow"] = response["Allow"]
        return replacement
