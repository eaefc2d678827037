"""`/live/`: chat, presence and notifications in a browser, made of static files alone.

Whoever writes a client finds its guide in docs/live.md, and this page's script beside it.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.demo.queries import demo_people


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page; 404 where settings don't serve it."""
    _require_live_page()
    return render(request, "live/page.html")


@require_safe
def people(request: HttpRequest) -> JsonResponse:
    """Who can be tried with one click, passwords included: nobody but where these are no secret."""
    _require_live_page()
    response = JsonResponse({"is_demo": settings.DEMO, "people": demo_people()})
    response["Cache-Control"] = "no-store"
    return response


def _require_live_page() -> None:
    if not settings.LIVE_PAGE:
        raise Http404
