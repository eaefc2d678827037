"""What every answer lets a browser do: nothing; on a page, what files of ours do."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# An answer that isn't a page: were a browser made to show it, it could load and run nothing.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Styles alone may stand in the page: the admin, Swagger UI and Redoc make theirs as they go.
_PAGE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    # Redoc searches in a worker that it writes itself.
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PAGE_POLICY = "; ".join(f"{directive} {sources}" for directive, sources in _PAGE.items())
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_MEDIA, _STATIC = settings.MEDIA_URL, settings.STATIC_URL


class SecurityHeadersMiddleware:
    """Adds what Django's SecurityMiddleware doesn't know; what a view has set stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _headers(request.path, response).items():
            response.headers.setdefault(name, value)
        return response


def _headers(path: str, response: HttpResponseBase) -> dict[str, Any]:
    content_type = response.get("Content-Type", "")
    is_page = content_type.startswith("text/html")
    headers = {
        "Permissions-Policy": _PERMISSIONS,
        # Pictures may be shown by a web client of another origin; who may have them, their signature says.
        "Cross-Origin-Resource-Policy": "cross-origin" if path.startswith(_MEDIA) else "same-origin",
    }
    # Django's own pages about a bug, with what they need in them.
    if not (settings.DEBUG and is_page and response.status_code >= 400):
        headers["Content-Security-Policy"] = PAGE_POLICY if is_page else DATA_POLICY
    if response.status_code >= 400 or not path.startswith((_MEDIA, _STATIC)):
        headers["Cache-Control"] = "no-store"
    return headers
