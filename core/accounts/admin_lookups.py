"""What the admin's lists may be narrowed by: what they offer as filters, and nothing else."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class FiltersOnly(_ModelAdmin):
    """Refuses to look up what isn't shown: by its beginnings a password's hash could be read."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        offered = [_name_of(one) for one in self.list_filter]
        if self.date_hierarchy:
            offered.append(self.date_hierarchy)
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return is_offered and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


def _name_of(list_filter: Any) -> str:
    """A filter is a field's name, that with a class, or a class with a parameter."""
    if isinstance(list_filter, str):
        return list_filter
    if isinstance(list_filter, type):
        return str(getattr(list_filter, "parameter_name", ""))
    return str(list_filter[0])
