"""Reads of accounts and sessions."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.models import EndReason, Session, User
from core.accounts.tokens import Claims
from core.errors import BadToken, InactiveAccount, NotFound
from core.prepared import fetch_one

# Nearly every request asks this, so neither Django nor PostgreSQL should plan it each time.
_FIELDS = [field.attname for field in User._meta.concrete_fields]  # noqa: SLF001 — Django's public API
_COLUMNS = ", ".join(f"u.{field.column}" for field in User._meta.concrete_fields)  # noqa: SLF001
_BEHIND = f"""
SELECT s.end_reason, {_COLUMNS} FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id
WHERE s.id = %s AND s.user_id = %s
"""  # noqa: S608 — the model's own columns


def user_behind(claims: Claims) -> User:
    """The active account of a verified access token, by one indexed query.

    BadToken if its session was ended by anything but a logout; InactiveAccount if the account
    isn't active.
    """
    row = fetch_one(_BEHIND, [claims.session_id, claims.user_id])
    if row is None:
        raise BadToken
    end_reason, *values = row
    user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, values)
    has_ended = end_reason not in ("", EndReason.LOGOUT)
    if has_ended and (user.is_active or user.deleted_at):
        raise BadToken
    if not user.is_active:
        raise InactiveAccount
    return user


def active_user(user_id: UUID) -> User:
    """An active account; BadToken if there is none, InactiveAccount if it isn't active."""
    user = User.objects.filter(id=user_id, deleted_at=None).first()
    if user is None:
        raise BadToken
    if not user.is_active:
        raise InactiveAccount
    return user


def live_sessions(user: User) -> QuerySet[Session]:
    """The account's sessions that can still be refreshed, the last used first."""
    return user.sessions.filter(ended_at=None, expires_at__gt=timezone.now()).order_by("-last_used_at")


def access_session(user: User, session_id: UUID) -> Session:
    """One's own live session, or NotFound."""
    session = live_sessions(user).filter(id=session_id).first()
    if session is None:
        raise NotFound
    return session
