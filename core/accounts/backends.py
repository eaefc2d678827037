"""Logging in to Django's admin, under the same cap and at the same pace as over the API."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from core.accounts.actions.login import WrongCredentials
from core.accounts.actions.login import authenticate as check_credentials
from core.accounts.emails import MAX_LENGTH
from core.accounts.models import User


class CappedBackend(ModelBackend):
    """The active account of an email and password; None for every other pair."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: object,
    ) -> User | None:
        """TooMany past the cap on wrong passwords."""
        if len(username or "") > MAX_LENGTH:
            return None
        try:
            user = check_credentials(email=username or "", password=password or "")
        except WrongCredentials:
            return None
        return user if self.user_can_authenticate(user) else None
