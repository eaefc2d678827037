"""Access and refresh tokens: HS256 JWTs signed by a ring of keys."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID, uuid4

import jwt
from django.conf import settings
from django.utils import timezone

from core.accounts.models import Session
from core.errors import BadToken

ALGORITHM = "HS256"
_CLAIMS = ["exp", "iat", "jti", "iss", "aud", "sid", "user_id", "token_type"]
_MAX_LENGTH = 4096
TokenType = Literal["access", "refresh"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. Times are aware UTC."""

    user_id: UUID
    session_id: UUID
    jti: UUID
    issued_at: datetime
    expires_at: datetime


def derived_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, derived from SECRET_KEY."""
    return hmac.digest(settings.SECRET_KEY.encode(), purpose.encode(), hashlib.sha256)


@lru_cache(maxsize=4)
def _ring(configured: str, secret_key: str) -> dict[str, bytes]:
    """kid → key, the signing key first. Cached for each configuration."""
    pairs = (part.strip().partition(":") for part in configured.split(","))
    return {
        kid: hashlib.sha256(secret.encode()).digest() if colon else derived_key("jwt")
        for kid, colon, secret in pairs
    }


def _keys() -> dict[str, bytes]:
    return _ring(settings.JWT_KEYS, settings.SECRET_KEY)


def _mint(kind: TokenType, session: Session, jti: UUID, issued: datetime, expires: datetime) -> str:
    kid, key = next(iter(_keys().items()))
    claims = {
        "token_type": kind,
        "user_id": str(session.user_id),
        "sid": str(session.id),
        "jti": str(jti),
        "iat": int(issued.timestamp()),
        "exp": int(expires.timestamp()),
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid})


def access_token(session: Session) -> str:
    """A new access token of a session, good for ACCESS_TOKEN_LIFETIME seconds from now."""
    now = timezone.now()
    lifetime = timedelta(seconds=settings.ACCESS_TOKEN_LIFETIME)
    return _mint("access", session, uuid4(), now, now + lifetime)


def refresh_token(session: Session) -> str:
    """The session's refresh token: the same text each time until it is rotated."""
    issued = session.expires_at - timedelta(seconds=settings.REFRESH_TOKEN_LIFETIME)
    return refresh_token_of(session, session.refresh_jti, issued)


def refresh_token_of(session: Session, jti: UUID, issued: datetime) -> str:
    """The refresh token of this id, good for REFRESH_TOKEN_LIFETIME seconds from its issue."""
    lifetime = timedelta(seconds=settings.REFRESH_TOKEN_LIFETIME)
    return _mint("refresh", session, jti, issued, issued + lifetime)


def read_access_token(token: str) -> Claims:
    """What an access token says; BadToken unless it is genuine, unexpired and an access token."""
    return _read(token, "access")


def read_refresh_token(token: str, *, allow_expired: bool = False) -> Claims:
    """What a refresh token says; BadToken unless it is genuine and a refresh token."""
    return _read(token, "refresh", allow_expired=allow_expired)


def _read(token: str, kind: TokenType, *, allow_expired: bool = False) -> Claims:
    try:
        if len(token) > _MAX_LENGTH:
            raise BadToken
        key = _keys()[jwt.get_unverified_header(token).get("kid", "")]
        payload: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=settings.JWT_AUDIENCE,
            issuer=settings.JWT_ISSUER,
            leeway=settings.JWT_LEEWAY,
            options={"require": _CLAIMS, "verify_exp": False},
        )
        claims = _claims(payload)
        # To the second: the leeway is for clocks that issue, not for tokens that end.
        if payload["token_type"] != kind or not (allow_expired or claims.expires_at > timezone.now()):
            raise BadToken
        return claims
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise BadToken from None


def _claims(payload: dict[str, Any]) -> Claims:
    return Claims(
        user_id=UUID(payload["user_id"]),
        session_id=UUID(payload["sid"]),
        jti=UUID(payload["jti"]),
        issued_at=datetime.fromtimestamp(payload["iat"], UTC),
        expires_at=datetime.fromtimestamp(payload["exp"], UTC),
    )
