"""Opening, refreshing and ending sessions."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core.accounts import rotation, tokens
from core.accounts.models import EndReason, Session, User
from core.accounts.queries import access_session
from core.accounts.tokens import Claims
from core.errors import BadToken, InactiveAccount
from core.jobs import accounts as jobs


@dataclass(frozen=True, slots=True)
class Device:
    """What a login tells of itself, for the list of sessions."""

    user_agent: str = ""
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class TokenPair:
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A new access token, and with rotation on the refresh token that replaces the one used."""

    access: str
    refresh: str | None


def open_session(*, user: User, device: Device) -> TokenPair:
    """A new session of the account and its tokens."""
    session = Session.objects.create(user=user, user_agent=device.user_agent[:255], ip=device.ip)
    return TokenPair(tokens.access_token(session), tokens.refresh_token(session))


def refresh_session(*, refresh: str, language: str | None = None) -> Refreshed:
    """New tokens for a refresh token.

    BadToken if it is dead; used again after it was rotated away and the grace has passed, it
    also ends the session, of which a mail tells in a language, or else the account's.
    InactiveAccount if the account isn't active.
    """
    claims = tokens.read_refresh_token(refresh)
    with transaction.atomic():
        session = _locked_live_session(claims)
        refreshed = _refresh(session, claims.jti)
        if refreshed is None:
            _end(session, EndReason.REUSE)
            jobs.send_notice_email(
                user_id=session.user_id, notice="session_reused", notice_id=uuid4(), language=language
            )
    if refreshed is None:
        raise BadToken
    return refreshed


def _locked_live_session(claims: Claims) -> Session:
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(id=claims.session_id, user_id=claims.user_id)
        .first()
    )
    if session is None:
        raise BadToken
    if not session.user.is_active and session.user.deleted_at is None:
        raise InactiveAccount
    if session.ended_at is not None:
        raise BadToken
    return session


def _refresh(session: Session, jti: UUID) -> Refreshed | None:
    """None when the token is a stolen or forgotten one."""
    if jti == session.refresh_jti:
        session.last_used_at = timezone.now()
        if settings.ROTATE_REFRESH_TOKENS:
            rotation.rotate(session, session.last_used_at)
        session.save()
        successor = tokens.refresh_token(session)
    elif (found := rotation.successor_of(session, jti)) is not None:
        successor = found
    else:
        return None
    rotated = successor if settings.ROTATE_REFRESH_TOKENS else None
    return Refreshed(tokens.access_token(session), rotated)


def log_out(*, user: User, session_id: UUID, refresh: str | None) -> None:
    """End the session of the refresh token, or without one the session of the access token.

    BadToken for a refresh token that is not the account's; one's own dead one is fine.
    """
    if refresh:
        claims = tokens.read_refresh_token(refresh, allow_expired=True)
        if claims.user_id != user.id:
            raise BadToken
        session_id = claims.session_id
    _live(user).filter(id=session_id).update(ended_at=timezone.now(), end_reason=EndReason.LOGOUT)


@transaction.atomic
def end_session(*, actor: User, session_id: UUID) -> None:
    """End one of one's own sessions, its sockets too. NotFound for another's."""
    _end(access_session(actor, session_id), EndReason.REVOKED)


def end_sessions(*, user: User, reason: EndReason, keep: UUID | None = None) -> None:
    """End every session of the account but one, open sockets and admin cookies. Inside a transaction.

    Access tokens that outlived their logout die with it.
    """
    ending = Session.objects.filter(user=user, end_reason__in=["", EndReason.LOGOUT])
    if keep is not None:
        ending = ending.exclude(id=keep)
    ending.update(ended_at=timezone.now(), end_reason=reason)
    User.objects.filter(id=user.id).update(login_epoch=F("login_epoch") + 1)
    jobs.close_sockets(user_id=user.id, keep_session_id=keep)


def _end(session: Session, reason: EndReason) -> None:
    session.ended_at, session.end_reason = timezone.now(), reason
    session.save(update_fields=["ended_at", "end_reason"])
    jobs.close_session_sockets(user_id=session.user_id, session_id=session.id)


def _live(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, ended_at=None)
