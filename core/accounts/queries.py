"""Reads of accounts and sessions."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.models import EndReason, Session, User
from core.accounts.tokens import Claims
from core.errors import BadToken, InactiveAccount, NotFound


def user_behind(claims: Claims) -> User:
    """The active account of a verified access token, by one indexed query.

    BadToken if its session was ended by anything but a logout; InactiveAccount if the account
    isn't active.
    """
    session = (
        Session.objects.select_related("user").filter(id=claims.session_id, user_id=claims.user_id).first()
    )
    if session is None or session.end_reason not in ("", EndReason.LOGOUT):
        if session is not None and not session.user.is_active and not session.user.deleted_at:
            raise InactiveAccount
        raise BadToken
    if not session.user.is_active:
        raise InactiveAccount
    return session.user


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
