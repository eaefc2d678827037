"""The ledger for administrators: to look at, and dead jobs to retry or discard."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ByAction, KnownFilter
from core.jobs.actions import discard_dead, retry_dead
from core.jobs.catalogue import CATALOGUE, Queue
from core.jobs.models import Job, State

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Job]
else:
    _ModelAdmin = admin.ModelAdmin


class NameFilter(KnownFilter):
    title = parameter_name = "name"
    known = staticmethod(lambda: list(CATALOGUE))


class QueueFilter(KnownFilter):
    title = parameter_name = "queue"
    known = staticmethod(lambda: [queue.value for queue in Queue])


@admin.register(Job)
class JobAdmin(ByAction, _ModelAdmin):
    """Jobs are written by the product and ended by workers; only dead ones need a person."""

    list_display = ("name", "state", "queue", "attempts", "created_at", "run_at", "finished_at", "last_line")
    list_filter = ("state", QueueFilter, NameFilter)
    search_fields = ("=id", "=request_id")
    search_help_text = "A job's id, or a request's"
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("retry", "discard")
    fields = readonly_fields = tuple(field.name for field in Job._meta.fields)  # noqa: SLF001 - documented API

    @admin.display(description="error")
    def last_line(self, job: Job) -> str:
        return job.last_line

    @admin.action(description="Retry the selected dead jobs", permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._handle(request, queryset, retry_dead, "will be tried again")

    @admin.action(description="Discard the selected dead jobs", permissions=["change"])
    def discard(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._handle(request, queryset, discard_dead, "discarded")

    @transaction.atomic
    def _handle(
        self, request: HttpRequest, queryset: QuerySet[Job], handle: Callable[..., int], how: str
    ) -> None:
        """Those that are dead; each one's history says who did it."""
        total = queryset.count()
        dead = list(queryset.filter(state=State.DEAD).select_for_update())
        handled = handle(job_ids=[job.id for job in dead])
        for job in dead:
            self.log_change(request, job, f"{how.capitalize()}.")
        self.message_user(request, f"{handled} dead jobs: {how}.")
        if total > handled:
            self.message_user(
                request, f"{total - handled} weren't dead and were left alone.", messages.WARNING
            )
