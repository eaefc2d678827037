"""The operations page: the last hours as plots, failed jobs, and the way to Flower."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from core.admin import LookedAt
from core.jobs.depths import depths
from core.jobs.models import Job, State
from core.operations.actions import MINUTE
from core.operations.history import History
from core.operations.models import Sample
from core.operations.plots import seconds

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Sample]
else:
    _ModelAdmin = admin.ModelAdmin

_SPANS = {1: "1 hour", 3: "3 hours", 12: "12 hours", 24: "24 hours", 168: "7 days"}
_DEFAULT_SPAN = 3
_FAILED_SHOWN = 10
_LATE = 3 * MINUTE


@admin.register(Sample)
class SampleAdmin(LookedAt, _ModelAdmin):
    """Samples aren't listed but drawn; nobody writes, changes or deletes one by hand."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page, for staff who may view samples."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Operations",
            "opts": self.opts,
            **_history(_span(request)),
            **_present(request),
        }
        return TemplateResponse(request, "operations/page.html", context)


def _span(request: HttpRequest) -> int:
    asked = request.GET.get("hours", "")
    return int(asked) if asked in map(str, _SPANS) else _DEFAULT_SPAN


def _history(hours: int) -> dict[str, Any]:
    zone = ZoneInfo(settings.OPERATIONS_TIME_ZONE)
    now = timezone.now()
    history = History(now=now, hours=hours, zone=zone)
    latest = Sample.objects.order_by("-at").first()
    return {
        "plots": history.plots(),
        "zone": zone.key,
        "spans": _SPANS,
        "hours": hours,
        "minutes": history.spacing // MINUTE,
        "latest": latest,
        "latest_at": latest and latest.at + MINUTE,
        "is_late": latest is None or now - latest.at > _LATE,
    }


def _present(request: HttpRequest) -> dict[str, Any]:
    """How things stand at this moment, and the jobs that need a person."""
    queues = depths()
    context: dict[str, Any] = {
        "waiting": sum(queue.waiting for queue in queues),
        "oldest": seconds(max(queue.oldest for queue in queues)),
        "dead": sum(queue.dead for queue in queues),
        "flower_url": settings.FLOWER_URL,
        "may_see_jobs": request.user.has_perm("jobs.view_job"),
    }
    if context["may_see_jobs"]:
        context["failed"] = Job.objects.filter(state=State.DEAD).order_by("-finished_at")[:_FAILED_SHOWN]
    return context
