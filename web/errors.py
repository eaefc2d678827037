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
GENERAL = "non_field_errors"

# pydantic's error types in the words of this API; the rest fall under "Invalid value."
_MESSAGES: dict[str, str] = {
    "missing": "This field is required.",
    "string_type": "Not a valid string.",
    "string_unicode": "Not a valid string.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "too_long": "Ensure this field has no more than {max_length} {unit}.",
    "string_too_short": "Ensure this field has at least {min_length} characters.",
    "bool_type": "Must be a valid boolean.",
    "bool_parsing": "Must be a valid boolean.",
    "int_type": "A valid integer is required.",
    "int_parsing": "A valid integer is required.",
    "int_parsing_size": "A valid integer is required.",
    "int_from_float": "A valid integer is required.",
    "float_type": "A valid number is required.",
    "float_parsing": "A valid number is required.",
    "decimal_type": "A valid number is required.",
    "decimal_parsing": "A valid number is required.",
    "finite_number": "A valid number is required.",
    "decimal_max_digits": "Ensure that there are no more than {max_digits} digits in total.",
    "decimal_max_places": "Ensure that there are no more than {decimal_places} decimal places.",
    "decimal_whole_digits": (
        "Ensure that there are no more than {whole_digits} digits before the decimal point."
    ),
    "greater_than_equal": "Ensure this value is greater than or equal to {ge}.",
    "greater_than": "Ensure this value is greater than {gt}.",
    "less_than_equal": "Ensure this value is less than or equal to {le}.",
    "uuid_type": "Must be a valid UUID.",
    "uuid_parsing": "Must be a valid UUID.",
    "date_type": "Date has wrong format. Use YYYY-MM-DD.",
    "date_parsing": "Date has wrong format. Use YYYY-MM-DD.",
    "date_from_datetime_parsing": "Date has wrong format. Use YYYY-MM-DD.",
    "date_from_datetime_inexact": "Date has wrong format. Use YYYY-MM-DD.",
    "list_type": 'Expected a list of items but got type "{got}".',
    "literal_error": '"{input}" is not a valid choice.',
    "enum": '"{input}" is not a valid choice.',
    "model_type": "Invalid data. Expected a dictionary, but got {got}.",
    "model_attributes_type": "Invalid data. Expected a dictionary, but got {got}.",
}
_NULL = "This field may not be null."
_INPUT_LIMIT = 100
_CHOICES = {"literal_error", "enum"}
# Raised by our own validators: their text is already ours.
_OWN_TYPES = {"null_characters", "surrogate", "blank", "rule", "general"}

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


def fields_of(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    """pydantic's list of errors as messages by field."""
    fields: dict[str, list[str]] = {}
    for error in found:
        general = error["ctx"]["general"] if error["type"] == "rules" else []
        for field, texts in ((_field_of(error), _messages_of(error)), (GENERAL, general)):
            for text in texts:
                if text not in fields.setdefault(field, []):
                    fields[field].append(text)
    return fields


def _field_of(error: dict[str, Any]) -> str:
    """The first name in the location behind the source ("body", parameter): the field."""
    if error["type"] == "general":
        return GENERAL
    source, *path = error["loc"]
    names = path[1:] if source == "body" else path
    return next((name for name in names if isinstance(name, str)), GENERAL)


def _messages_of(error: dict[str, Any]) -> list[str]:
    kind = str(error["type"])
    if kind == "rules":
        return list(error["ctx"]["field"])
    if kind in _OWN_TYPES:
        return [str(error["msg"])]
    given = error.get("input")
    return [_NULL if given is None and kind != "missing" else _wording(kind, given, error)]


def _wording(kind: str, given: Any, error: dict[str, Any]) -> str:
    if kind in _CHOICES and not isinstance(given, str | int):
        kind = "string_type"
    template = _MESSAGES.get(kind, "Invalid value.")
    shown = str(given)[:_INPUT_LIMIT].encode("utf-8", "replace").decode()
    unit = "characters" if isinstance(given, str) else "items"
    context = error.get("ctx") or {}
    return template.format(input=shown, got=type(given).__name__, unit=unit, **context)


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
    return detail(f'Method "{request.method}" not allowed.', HTTPStatus.METHOD_NOT_ALLOWED)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return detail(errors.NotFound.default, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return detail("A server error occurred.", HTTPStatus.INTERNAL_SERVER_ERROR)
