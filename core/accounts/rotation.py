"""Rotated refresh tokens, and the grace in which each is still answered with its successor."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from core.accounts import tokens
from core.accounts.models import Session

_Rotation = tuple[str, str, float]


def rotate(session: Session, now: datetime) -> None:
    """Give the session a new refresh token and a whole lifetime; the caller saves it."""
    successor = uuid4()
    session.rotations = [*_recent(session), (str(session.refresh_jti), str(successor), now.timestamp())]
    session.refresh_jti = successor
    session.expires_at = now + timedelta(seconds=settings.REFRESH_TOKEN_LIFETIME)


def successor_of(session: Session, jti: UUID) -> str | None:
    """The very token that replaced this one, if that was within the grace."""
    for old, successor, at in _recent(session):
        if old == str(jti):
            issued = datetime.fromtimestamp(at, UTC)
            return tokens.refresh_token_of(session, UUID(successor), issued)
    return None


def _recent(session: Session) -> list[_Rotation]:
    oldest = timezone.now().timestamp() - settings.REFRESH_GRACE
    return [(old, successor, at) for old, successor, at in session.rotations if at >= oldest]
