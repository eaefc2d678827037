"""Notifications for administrators: to look at."""

from typing import TYPE_CHECKING

from django.contrib import admin

from core.admin import LookedAt
from core.notifications.models import Notification

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Notification]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Notification)
class NotificationAdmin(LookedAt, _ModelAdmin):
    """Facts that people were told: nobody writes, changes or takes them back."""

    list_display = ("title", "user", "notification_type", "is_read", "created_at")
    list_filter = ("notification_type", "is_read")
    search_fields = ("=id", "=related_object_id", "user__email")
    list_select_related = ("user",)
    ordering = ("-created_at",)
    list_per_page = 50
    show_full_result_count = False
