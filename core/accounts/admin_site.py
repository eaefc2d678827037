"""Django's admin with the product's own rules for logging in and changing a password."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.accounts import limits
from core.accounts.actions.password import change_password
from core.accounts.models import User
from core.errors import TooMany


class LoginForm(AdminAuthenticationForm):
    """Says so when the cap on wrong passwords is reached, for unknown emails alike."""

    def get_invalid_login_error(self) -> ValidationError:
        email = self.cleaned_data.get("username") or ""
        try:
            with transaction.atomic():
                limits.require_below(limits.WRONG_LOGINS, email)
        except TooMany as error:
            return ValidationError(error.message)
        return super().get_invalid_login_error()


class PasswordForm(AdminPasswordChangeForm):
    """Changes the password as the API does: other sessions end, a mail tells of it."""

    def save(self, commit: bool = True) -> User:
        changed = self.cleaned_data
        change_password(
            actor=self.user,
            session_id=None,
            old=changed["old_password"],
            new=changed["new_password1"],
            new_again=changed["new_password2"],
        )
        self.user.refresh_from_db()
        return self.user


class ProductAdminSite(AdminSite):
    site_header = site_title = "My Accountant"
    index_title = "Administration"
    login_form = LoginForm

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        request.current_app = self.name
        return PasswordChangeView.as_view(
            form_class=PasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
