"""Logging in with email and password."""

from django.db import transaction

from core.accounts import limits
from core.accounts.actions.sessions import Device, TokenPair, open_session
from core.accounts.models import AccountStatus, User
from core.accounts.passwords import password_is_right
from core.errors import DomainError, Invalid


class WrongCredentials(DomainError):
    """No account has this email and this password."""

    default = "Unable to log in with provided credentials."


_REFUSALS = {
    AccountStatus.INACTIVE: "This account is not activated.",
    AccountStatus.SUSPENDED: "This account is suspended.",
}


def require_active(user: User) -> None:
    """Invalid, saying why, unless the account may log in."""
    if refusal := _REFUSALS.get(AccountStatus(user.account_status)):
        raise Invalid.general(refusal)


def log_in(*, email: str, password: str, device: Device) -> tuple[User, TokenPair]:
    """A session for the right email and password, taking as long for unknown emails.

    WrongCredentials; Invalid if the account isn't active; TooMany after too many wrong ones.
    """
    user = authenticate(email=email, password=password)
    require_active(user)
    return user, open_session(user=user, device=device)


def authenticate(*, email: str, password: str) -> User:
    """The account of this email and password; WrongCredentials, or TooMany past the cap.

    The cap is asked again once the verdict is known, since parallel guesses all passed the first
    question: nobody is told more verdicts than the cap allows, and only wrong ones count.
    """
    with transaction.atomic():
        limits.require_below(limits.WRONG_LOGINS, email)
    user = User.objects.with_email(email)
    is_right = password_is_right(user, password)
    with transaction.atomic():
        limits.require_below(limits.WRONG_LOGINS, email)
        if not is_right:
            limits.count(limits.WRONG_LOGINS, email)
    if user is None or not is_right:
        raise WrongCredentials
    return user
