"""Accounts for administrators: what they see, and the few things they do, each a core action."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin  # noqa: F401 — it registers groups first
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from core.accounts.actions.details import EDITABLE, update_account
from core.accounts.actions.status import activate_account, end_all_sessions, suspend_account
from core.accounts.models import Session, SocialIdentity, User
from core.admin import Kept, LookedAt
from core.errors import InactiveAccount

if TYPE_CHECKING:
    _Inline = admin.TabularInline[Any, User]
    _ModelAdmin = admin.ModelAdmin[User]
else:
    _Inline, _ModelAdmin = admin.TabularInline, admin.ModelAdmin

# What an account may do is its role; groups have no meaning here.
admin.site.unregister(Group)


class _ReadOnlyInline(LookedAt, _Inline):
    """The ids that tokens are made of are not among the fields."""

    extra = 0


class SessionInline(_ReadOnlyInline):
    model = Session
    ordering = ("-last_used_at",)
    fields = (
        "created_at",
        "last_used_at",
        "expires_at",
        "ended_at",
        "end_reason",
        "ip",
        "user_agent",
    )
    readonly_fields = fields


class SocialIdentityInline(_ReadOnlyInline):
    model = SocialIdentity
    fields = ("provider", "proves_email", "created_at")
    readonly_fields = fields


@admin.register(User)
class UserAdmin(Kept, _ModelAdmin):
    """People join by themselves, leave by themselves and choose their own passwords."""

    list_display = (
        "email",
        "full_name",
        "user_type",
        "account_status",
        "is_email_verified",
        "created_at",
        "deleted_at",
    )
    list_filter = (
        "user_type",
        "account_status",
        "is_email_verified",
        ("deleted_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("email", "full_name", "phone")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    actions = ("suspend", "activate", "end_sessions")
    inlines = (SessionInline, SocialIdentityInline)
    fields = (
        "id",
        "email",
        "full_name",
        "phone",
        "company_name",
        "job_title",
        "user_type",
        "account_status",
        "is_email_verified",
        "language",
        "is_superuser",
        "last_login",
        "created_at",
        "updated_at",
        "deleted_at",
    )
    readonly_fields = tuple(name for name in fields if name not in EDITABLE)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        erased = obj is not None and obj.deleted_at is not None
        return not erased and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            update_account(actor=obj, **changed)
        except InactiveAccount:
            raise PermissionDenied from None

    @admin.action(description="Suspend the selected users", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """All but oneself, so that somebody is always left to lift it."""
        others = queryset.exclude(email=request.user.get_username())
        if others.count() < queryset.count():
            self.message_user(request, "You can't suspend yourself.", messages.WARNING)
        self._carry_out(request, others, suspend_account, "Suspended.")

    @admin.action(description="Activate the selected users", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._carry_out(request, queryset, activate_account, "Activated.")

    @admin.action(description="End all sessions of the selected users", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._carry_out(request, queryset, end_all_sessions, "Sessions ended.")

    def _carry_out(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        action: Callable[..., bool | None],
        told: str,
    ) -> None:
        """The action for each account; what changed is told and kept in the admin's log."""
        changed = [user for user in queryset if _changes(action, user.id)]
        for user in changed:
            self.log_change(request, user, told)
        self.message_user(request, f"{told} Accounts changed: {len(changed)}.")


def _changes(action: Callable[..., bool | None], user_id: UUID) -> bool:
    return action(user_id=user_id) is not False
