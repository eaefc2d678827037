"""Resetting and changing a password."""

from uuid import UUID, uuid4

from django.db import transaction

from core.accounts.actions.codes import (
    consume_code,
    count_wrong_code,
    pretend_request,
    request_code,
    wrong_code,
)
from core.accounts.actions.identities import drop_unproven_links
from core.accounts.actions.login import reauthenticate
from core.accounts.actions.sessions import end_sessions
from core.accounts.models import EndReason, OtpPurpose, User
from core.accounts.passwords import password_problems
from core.errors import Invalid
from core.jobs import accounts as jobs

PURPOSE = OtpPurpose.PASSWORD_RESET
_WRONG_OLD = {"old_password": ["Invalid password."]}


def request_password_reset(*, email: str, language: str) -> None:
    """Mail a code if the email has an account, and tell nobody whether it has."""
    user = User.objects.with_email(email)
    if user is None:
        pretend_request(email=email, purpose=PURPOSE, language=language)
    else:
        request_code(user=user, purpose=PURPOSE, language=language)


def reset_password(*, email: str, code: str, new_password: str, language: str | None = None) -> None:
    """Set a password by code and end every session and socket of the account.

    A mail tells of it in a language, or else the account's.

    Invalid under new_password, with the code left alive, or under otp_code. Likeness to a name or
    phone is told to those alone who have the code.
    """
    _require_good(new_password, User(email=email))
    user = User.objects.with_email(email)
    if user is None:
        count_wrong_code(email)
        raise wrong_code()
    with transaction.atomic():
        right = consume_code(user=user, purpose=PURPOSE, code=code)
        if right:
            _require_good(new_password, user)
            _set_password(user, new_password, keep=None, language=language)
            drop_unproven_links(user)
    if not right:
        raise wrong_code()


def _require_good(password: str, user: User) -> None:
    if problems := password_problems(password, user):
        raise Invalid({"new_password": problems})


def change_password(
    *,
    actor: User,
    session_id: UUID | None,
    old: str,
    new: str,
    new_again: str,
    language: str | None = None,
) -> None:
    """Set a new password and end all sessions but the current one; told by mail as in a reset.

    Invalid under old_password and new_password2, both at once; TooMany after too many wrong ones.
    """
    errors: dict[str, list[str]] = {}
    verified = reauthenticate(actor=actor, password=old)
    if verified is None:
        errors |= _WRONG_OLD
    if new != new_again:
        errors["new_password2"] = ["The two password fields didn't match."]
    elif problems := password_problems(new, actor):
        errors["new_password2"] = problems
    if errors or verified is None:
        raise Invalid(errors)
    with transaction.atomic():
        # Of parallel changes one finds it still.
        if _locked(actor).password != verified.password:
            raise Invalid(_WRONG_OLD)
        _set_password(actor, new, keep=session_id, language=language)


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(id=user.id)


def _set_password(user: User, password: str, *, keep: UUID | None, language: str | None) -> None:
    user = _locked(user)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    end_sessions(user=user, reason=EndReason.PASSWORD, keep=keep)
    jobs.send_notice_email(user_id=user.id, notice="password_changed", notice_id=uuid4(), language=language)
