"""`/media/…`: files for whoever holds a signed address, in ranges, never whole in memory."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.files.queries import NotReady, Servable, servable
from core.files.urls import require_signature
from web import errors
from web.files.streaming import stream

logger = logging.getLogger(__name__)
_SECONDS_UNTIL_READY = "1"


@require_safe
def serve(request: HttpRequest, key: str) -> HttpResponseBase:
    """The file at a key; 403 without a valid signature, 404 and Retry-After while processed."""
    try:
        seconds_left = require_signature(
            key, request.GET.get("expires", ""), request.GET.get("signature", "")
        )
        found = servable(key)
    except NotReady as error:
        response = errors.detail(error.message, 404)
        response["Retry-After"] = _SECONDS_UNTIL_READY
        return response
    except DomainError as error:
        return errors.render(error)
    deliver: _Delivery = _redirect if settings.MEDIA_BY_REDIRECT else _stream
    return deliver(request, found, seconds_left)


_Delivery = Callable[[HttpRequest, Servable, int], HttpResponseBase]


def _stream(request: HttpRequest, found: Servable, seconds_left: int) -> HttpResponseBase:
    try:
        file = default_storage.open(found.key)
    except FileNotFoundError:
        logger.exception("a file that is ready isn't in the storage: %s", found.key)
        return errors.not_found(request)
    response = stream(request, file, content_type=found.content_type, etag=found.etag)
    response["Content-Disposition"] = _disposition(found)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={seconds_left}"
    return response


def _redirect(request: HttpRequest, found: Servable, seconds_left: int) -> HttpResponse:
    address = default_storage.url(  # type: ignore[call-arg]
        found.key,
        parameters={
            "ResponseContentType": found.content_type,
            "ResponseContentDisposition": _disposition(found),
        },
        expire=seconds_left,
        http_method=request.method,
    )
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = f"private, max-age={seconds_left}"
    return response


def _disposition(found: Servable) -> str:
    header = content_disposition_header(not found.is_inline, found.filename)
    return header or "inline"
