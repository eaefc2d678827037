"""Bookings for administrators: to look at, and to close when nobody else can."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ByAction
from core.bookings.actions.decide import decline_for_owner
from core.bookings.models import Booking

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Booking]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Booking)
class BookingAdmin(ByAction, _ModelAdmin):
    """The parties decide; an administrator may decline what is pending."""

    list_display = (
        "id",
        "service",
        "client",
        "accountant",
        "status",
        "decline_reason",
        "created_at",
        "decided_at",
    )
    list_filter = ("status", "decline_reason", "service__service_type", "service__is_course")
    search_fields = (
        "=id",
        "full_name",
        "service__title",
        "client__email",
        "accountant__email",
    )
    list_select_related = ("service", "client", "accountant")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    actions = ("decline",)

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> list[str]:
        return [field.name for field in Booking._meta.fields]  # noqa: SLF001 - Django's own way

    @admin.action(description="Decline the selected bookings", permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Those that are pending, as if their owners had; the requesters are told."""
        declined = [booking for booking in queryset if decline_for_owner(booking_id=booking.id)]
        for booking in declined:
            self.log_change(request, booking, "Declined.")
        self.message_user(request, f"Declined: {len(declined)}.")
