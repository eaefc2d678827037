"""What the admins of all parts share: what nobody does to rows by hand, permitted or not, and a filter."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest


class Kept:
    """Rows that the product alone adds, and deletes if ever."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ByAction(Kept):
    """Rows that change by actions on the list: saving a page would write back what it had read."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)  # type: ignore[misc]


class LookedAt(Kept):
    """Rows that the product alone changes, too."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KnownFilter(admin.SimpleListFilter):
    """Filters by the values the code knows: asking the table for them would read all of it."""

    known: Callable[[], Sequence[str]]

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [(value, value) for value in sorted(type(self).known())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset
