"""What nobody does to rows by hand in the admin, whatever they are permitted."""

from typing import Any

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
