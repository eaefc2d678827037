"""Files for administrators: what became of each. Neither paths nor contents are shown."""

from typing import TYPE_CHECKING

from django.contrib import admin

from core.admin import LookedAt
from core.files.models import StoredFile

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[StoredFile]
else:
    _Base = admin.ModelAdmin


@admin.register(StoredFile)
class StoredFileAdmin(LookedAt, _Base):
    """To look at: files are made by uploads and end by themselves."""

    list_display = ("original_name", "purpose", "owner", "size", "state", "reason", "created_at")
    list_filter = ("state", "purpose")
    search_fields = ("original_name", "owner__email", "sha256")
    ordering = ("-created_at",)
    list_select_related = ("owner",)
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "id",
        "owner",
        "purpose",
        "original_name",
        "content_type",
        "size",
        "sha256",
        "state",
        "reason",
        "created_at",
        "attached_at",
        "processed_at",
        "condemned_at",
    )
    readonly_fields = fields
