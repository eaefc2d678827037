"""The market for administrators: categories, and which services are featured or taken off it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import Kept, KnownFilter
from core.marketplace.actions import deactivate_service, feature_services
from core.marketplace.categories import save_category
from core.marketplace.models import Category, Service
from core.marketplace.wilayas import LOCATIONS

if TYPE_CHECKING:
    _CategoryBase = admin.ModelAdmin[Category]
    _ServiceBase = admin.ModelAdmin[Service]
else:
    _CategoryBase = _ServiceBase = admin.ModelAdmin


@admin.register(Category)
class CategoryAdmin(_CategoryBase):
    """Created, renamed and deactivated; never deleted, for services refer to them."""

    list_display = ("name", "name_fr", "name_ar", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("name", "name_fr", "name_ar")
    ordering = ("name",)
    readonly_fields = ("created_at", "updated_at")

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_category(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False


class LocationFilter(KnownFilter):
    title = parameter_name = "location"
    known = staticmethod(lambda: list(LOCATIONS))


@admin.register(Service)
class ServiceAdmin(Kept, _ServiceBase):
    """Looked at, featured, taken off the market; what it says is its owner's."""

    list_display = ("title", "user", "service_type", "is_course", "is_featured", "is_active", "created_at")
    list_filter = ("service_type", "is_course", "is_featured", "is_active", LocationFilter)
    search_fields = ("title", "user__email")
    ordering = ("-created_at",)
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("feature", "unfeature", "deactivate")
    exclude = ("search_words",)

    def has_change_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @admin.action(description="Feature the selected services", permissions=["change"])
    def feature(self, request: HttpRequest, chosen: QuerySet[Service]) -> None:
        self._tell(request, feature_services(ids=_ids(chosen), is_featured=True), "Featured.")

    @admin.action(description="Stop featuring the selected services", permissions=["change"])
    def unfeature(self, request: HttpRequest, chosen: QuerySet[Service]) -> None:
        self._tell(request, feature_services(ids=_ids(chosen), is_featured=False), "Not featured.")

    @admin.action(description="Take the selected services off the market", permissions=["change"])
    def deactivate(self, request: HttpRequest, chosen: QuerySet[Service]) -> None:
        gone = [service_id for service_id in _ids(chosen) if deactivate_service(service_id=service_id)]
        self._tell(request, gone, "Off the market.")

    def _tell(self, request: HttpRequest, changed: Sequence[UUID], now: str) -> None:
        """What changed is told, and kept in the admin's log."""
        for service in Service.objects.filter(id__in=changed):
            self.log_change(request, service, now)
        self.message_user(request, f"{now} Services changed: {len(changed)}.", messages.SUCCESS)


def _ids(chosen: QuerySet[Service]) -> list[UUID]:
    return list(chosen.values_list("id", flat=True))
