"""Who is asking: bearer tokens, and what a request tells of its device and language."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language_from_request
from ninja.security.base import AuthBase

from core.accounts.actions.sessions import Device
from core.accounts.addresses import client_ip
from core.accounts.models import User
from core.accounts.queries import user_behind
from core.accounts.tokens import read_access_token
from core.errors import BadToken, NotAuthenticated

_SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Identity:
    """The account behind a request and the session its token belongs to."""

    user: User
    session_id: UUID


class AuthedRequest(HttpRequest):
    """A request that passed BearerAuth."""

    auth: Identity


class BearerAuth(AuthBase):
    """`Authorization: Bearer <access token>` of an active account."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_bearerFormat = "JWT"  # noqa: N815 — ninja's name

    def __call__(self, request: HttpRequest) -> Identity:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            raise NotAuthenticated
        if not token.strip():
            raise BadToken
        claims = read_access_token(token.strip())
        return Identity(user_behind(claims), claims.session_id)


def device_of(request: HttpRequest) -> Device:
    """What the request tells of the device it comes from."""
    return Device(user_agent=request.headers.get("User-Agent", ""), ip=client_ip(request))


def language_of(request: HttpRequest) -> str:
    """en, fr or ar, by Accept-Language; en otherwise."""
    return get_language_from_request(request).split("-")[0]


def stated_language_of(request: HttpRequest) -> str | None:
    """As language_of; None for a request that doesn't say."""
    return language_of(request) if "Accept-Language" in request.headers else None
