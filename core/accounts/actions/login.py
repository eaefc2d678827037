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


def reauthenticate(*, actor: User, password: str) -> User | None:
    """The actor, as found by the email and this password; None if it isn't theirs. TooMany past the cap.

    Counted apart from logins: a stolen access token buys no guesses beyond these, and whoever guesses
    at the door doesn't keep the owner, who is in, from changing the password or leaving.
    """
    try:
        found = authenticate(email=actor.email, password=password, counted_as=str(actor.id))
    except WrongCredentials:
        return None
    return found if found == actor else None


def authenticate(*, email: str, password: str, counted_as: str | None = None) -> User:
    """The account of this email and password; WrongCredentials, or TooMany past the cap.

    The cap is the email's, unless wrong ones are counted as somebody else's.

    The cap is asked again once the verdict is known, since parallel guesses all passed the first
    question: nobody is told more verdicts than the cap allows, and only wrong ones count.
    """
    guesser = counted_as or email
    with transaction.atomic():
        limits.require_below(limits.WRONG_LOGINS, guesser)
    user = User.objects.with_email(email)
    is_right = password_is_right(user, password)
    with transaction.atomic():
        limits.require_below(limits.WRONG_LOGINS, guesser)
        if not is_right:
            limits.count(limits.WRONG_LOGINS, guesser)
    if user is None or not is_right:
        raise WrongCredentials
    return user
