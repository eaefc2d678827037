"""`{"error": …}`: how accepting and declining, and nothing else here, say no."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.http import JsonResponse

from core.bookings.errors import BookingNotFound, BookingNotPending, NotTheOwner

_View = TypeVar("_View", bound=Callable[..., Any])


def in_error_words(verb: str) -> Callable[[_View], _View]:
    """Answer a decision that is refused in the words these operations promise."""

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except BookingNotFound:
                return _refusal("Booking not found", HTTPStatus.NOT_FOUND)
            except NotTheOwner:
                message = f"Only the service owner can {verb} this booking"
                return _refusal(message, HTTPStatus.FORBIDDEN)
            except BookingNotPending as error:
                message = f"Cannot {verb} booking with status: {error.status}"
                return _refusal(message, HTTPStatus.BAD_REQUEST)

        return cast("_View", guarded)

    return decorate


def _refusal(message: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)
