"""Django's admin with the product's own rules for logging in and changing a password."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.accounts import limits
from core.accounts.actions.password import change_password
from core.accounts.addresses import client_ip
from core.accounts.admin_forms import CheckedAgain
from core.accounts.admin_lookups import FiltersOnly
from core.accounts.models import User
from core.errors import TooMany


class LoginForm(AdminAuthenticationForm):
    """Caps wrong tries of an account, together with the API's, and of whoever tries many accounts.

    retry_after: seconds until the cap that refused lets in again; None if none did.
    """

    retry_after: int | None = None

    def clean(self) -> dict[str, Any]:
        address = (self.request and client_ip(self.request)) or "unknown"
        try:
            with transaction.atomic():
                limits.require_below(limits.WRONG_ADMIN_LOGINS, address)
            return super().clean()
        except TooMany as error:
            self.retry_after = error.retry_after
            raise ValidationError(error.message) from None
        except ValidationError:
            limits.count(limits.WRONG_ADMIN_LOGINS, address)
            raise


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


logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]


class ProductAdminSite(AdminSite):
    site_header = site_title = "My Accountant"
    index_title = "Administration"
    login_form = LoginForm

    def register(
        self,
        model_or_iterable: Any,
        admin_class: "type[ModelAdmin[Any]] | None" = None,
        **options: Any,
    ) -> None:
        """As Django does, but no list is narrowed by what is no filter of it, and no form fails by a race."""
        base = admin_class or ModelAdmin
        guarded = type(base.__name__, (CheckedAgain, FiltersOnly, base), {"__module__": base.__module__})
        super().register(model_or_iterable, guarded, **options)

    def admin_view(  # type: ignore[override]
        self, view: _View, cacheable: bool = False
    ) -> _View:
        """The view, answering what fits no column with a 400: Django asks the database unchecked."""

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _require_ids(getattr(view, "__self__", None), request)
            try:
                return view(request, *args, **kwargs)
            except (DataError, OverflowError) as error:
                raise _unfit(error) from error
            except ValueError as error:
                if request.method != "GET" or not request.GET:
                    raise
                raise _unfit(error) from error

        return super().admin_view(checked, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page, as 429 once a cap refuses."""
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, LoginForm) and form.retry_after:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = str(form.retry_after)
        return response

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


def _unfit(error: Exception) -> BadRequest:
    """Told in the log with its cause, should that be a fault of ours after all."""
    logger.warning("What was sent to the admin fits no column", exc_info=error)
    return BadRequest()


def _require_ids(admin: object, request: HttpRequest) -> None:
    """BadRequest if what an action selects can't be the ids of the admin's rows."""
    if not isinstance(admin, ModelAdmin):
        return
    for given in request.POST.getlist(ACTION_CHECKBOX_NAME):
        try:
            admin.model._meta.pk.to_python(given)  # noqa: SLF001 - documented API
        except ValidationError:
            raise BadRequest from None
