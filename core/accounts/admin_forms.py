"""How the admin's forms are saved."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class CheckedAgain(_ModelAdmin):
    """A form overtaken by another between its check and its save is checked again: it tells itself."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page, in a transaction of its own; what breaks a constraint unforeseen leaves nothing of it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)
