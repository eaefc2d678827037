"""Every failure in the shape the API promises: the one place that knows status codes."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.csrf import csrf_failure as default_csrf_failure
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError, ValidationErrorContext

from core import errors
from web.body import BodyTooLarge, UnsupportedMediaType
from web.wording import fields_of

logger = logging.getLogger(__name__)

TOKEN_NOT_VALID = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [
        {
            "token_class": "AccessToken",
            "token_type": "access",
            "message": "Token is invalid or expired",
        }
    ],
}
_STATUS: tuple[tuple[type[errors.DomainError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.Forbidden, HTTPStatus.FORBIDDEN),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.TooMany, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (UnsupportedMediaType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
)


def detail(message: str, status: int) -> JsonResponse:
    """`{"detail": message}`."""
    return JsonResponse({"detail": message}, status=status)


def unauthorized(body: dict[str, Any]) -> JsonResponse:
    """A 401, which HTTP wants to name the scheme that would let one in."""
    response = JsonResponse(body, status=HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def render(error: errors.DomainError) -> HttpResponse:
    """The response for an error of the domain."""
    if isinstance(error, errors.Invalid):
        return JsonResponse(error.fields, status=HTTPStatus.BAD_REQUEST)
    if isinstance(error, errors.BadToken):
        return unauthorized(TOKEN_NOT_VALID)
    if isinstance(error, errors.InactiveAccount):
        return unauthorized({"detail": error.message, "code": "user_inactive"})
    if isinstance(error, errors.NotAuthenticated):
        return unauthorized({"detail": error.message})
    response = detail(error.message, _status_of(error))
    if isinstance(error, errors.TooMany | errors.Unavailable):
        response["Retry-After"] = str(getattr(error, "retry_after", 5))
    return response


def _status_of(error: errors.DomainError) -> HTTPStatus:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def _on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found: list[dict[str, Any]] = error.errors
    if any(item["loc"][0] == "path" for item in found):
        return detail(errors.NotFound.default, HTTPStatus.NOT_FOUND)
    return JsonResponse(fields_of(found), status=HTTPStatus.BAD_REQUEST)


def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, Throttled):
        return detail(errors.TooMany.default, error.status_code)
    return detail(str(error), error.status_code)


def _on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found(request)


def _on_domain_error(request: HttpRequest, error: errors.DomainError) -> HttpResponse:
    return render(error)


def _on_database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("the database is away: %s %s: %s", request.method, request.path, error)
    return render(errors.Unavailable())


def _on_suspicious(request: HttpRequest, error: Exception) -> HttpResponse:
    return bad_request(request)


def _on_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("request failed: %s %s", request.method, request.path, exc_info=error)
    return server_error(request)


class Api(NinjaAPI):
    """ninja's API, keeping what was sent beside each error, since our wording names it."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        found = []
        for context in error_contexts:
            model = context.model
            names = model.__ninja_flatten_map_reverse__
            for error in context.pydantic_validation_error.errors(include_url=False):
                location = names.get(error["loc"], error["loc"])
                found.append({**error, "loc": (model.__ninja_param_source__, *location)})
        return ValidationError(found)


def install(api: NinjaAPI) -> None:
    """Make the API answer every failure through this module."""
    handlers: list[tuple[type[Exception], Callable[..., HttpResponse]]] = [
        (Exception, _on_bug),
        (OperationalError, _on_database_away),
        (SuspiciousOperation, _on_suspicious),
        (InterfaceError, _on_database_away),
        (Http404, _on_missing),
        (HttpError, _on_http_error),
        (ValidationError, _on_validation),
        (errors.DomainError, _on_domain_error),
    ]
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


# Django's own handlers, for paths outside the API ---------------------------------------------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return detail("Bad request.", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return detail(errors.Forbidden.default, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page in the admin, where forms are; elsewhere nothing takes what isn't a GET."""
    if request.path.startswith("/admin/"):
        return default_csrf_failure(request, reason)
    response = detail(f'Method "{request.method}" not allowed.', HTTPStatus.METHOD_NOT_ALLOWED)
    response["Allow"] = "GET, HEAD"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return detail(errors.NotFound.default, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return detail("A server error occurred.", HTTPStatus.INTERNAL_SERVER_ERROR)
