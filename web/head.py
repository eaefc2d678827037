"""HEAD wherever the API answers GET: ninja knows the methods of a route by name alone."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class HeadMiddleware:
    """Answers HEAD as GET, by the same status and headers; the server leaves the body out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        request.method = request.META["REQUEST_METHOD"]
        if "GET" in response.get("Allow", ""):
            methods = {method.strip() for method in response["Allow"].split(",")}
            response["Allow"] = ", ".join(sorted(methods | {"HEAD"}))
        return response

    @staticmethod
    def process_view(request: HttpRequest, *_: Any) -> None:
        """The API's views see a GET; others tell the two apart themselves."""
        match = request.resolver_match
        if request.method == "HEAD" and match and "ninja" in match.app_names:
            request.method = "GET"
