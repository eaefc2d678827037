"""Reads of accounts and sessions."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.models import EndReason, Session, User
from core.errors import BadToken, InactiveAccount, NotFound
from core.prepared import fetch_one

# Nearly every request asks this, so neither Django nor PostgreSQL should plan it each time.
_FIELDS = [field.attname for field in User._meta.concrete_fields]  # noqa: SLF001 — Django's public API
_COLUMNS = ", ".join(f"u.{field.column}" for field in User._meta.concrete_fields)  # noqa: SLF001
_FROM = "FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id"
_BEHIND = f"SELECT s.end_reason, {_COLUMNS} {_FROM} WHERE s.id = %s AND s.user_id = %s"
_BEHIND_MANY = f"SELECT s.id, s.user_id, s.end_reason, {_COLUMNS} {_FROM} WHERE s.id = ANY(%s)"


class Bearer(Protocol):
    """Who says to be whom, in which session."""

    @property
    def user_id(self) -> UUID: ...

    @property
    def session_id(self) -> UUID: ...


def user_behind(claims: Bearer) -> User:
    """The active account of a verified access token, by one indexed query.

    BadToken if its session was ended by anything but a logout; InactiveAccount if the account
    isn't active.
    """
    row = fetch_one(_BEHIND, [claims.session_id, claims.user_id])
    if row is None:
        raise BadToken
    return _user_in(row)


def users_behind(claims: Sequence[Bearer]) -> list[User | BadToken | InactiveAccount]:
    """What user_behind answers for each, its errors too, by one query for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND_MANY, [[each.session_id for each in claims]])
        rows = {(session_id, user_id): row for session_id, user_id, *row in cursor.fetchall()}
    return [_user_or_error(rows.get((each.session_id, each.user_id))) for each in claims]


def _user_or_error(row: Sequence[Any] | None) -> User | BadToken | InactiveAccount:
    try:
        return _user_in(row) if row else BadToken()
    except (BadToken, InactiveAccount) as error:
        return error


def _user_in(row: Sequence[Any]) -> User:
    """The account in a row of _BEHIND, if it may be used."""
    end_reason, *values = row
    user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, values)
    has_ended = end_reason not in ("", EndReason.LOGOUT)
    if has_ended and (user.is_active or user.deleted_at):
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
