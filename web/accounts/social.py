"""Logging in with Google and Facebook."""

from django.http import HttpRequest
from ninja import Router

from core.accounts.actions.social import log_in_with
from core.accounts.models import SocialProvider, UserType
from web.accounts.login import RATE, logged_in
from web.accounts.schemas import LoginOut, SocialLoginIn
from web.auth import device_of, language_of
from web.body import Payload

auth = Router(tags=["Authentication"], throttle=RATE)


@auth.post("google/", response=LoginOut)
def log_in_with_google(request: HttpRequest, payload: Payload[SocialLoginIn]) -> object:
    """Log in, or join, with the access token that Google gave to the app."""
    return _log_in(SocialProvider.GOOGLE, request, payload)


@auth.post("facebook/", response=LoginOut)
def log_in_with_facebook(request: HttpRequest, payload: Payload[SocialLoginIn]) -> object:
    """Log in, or join, with the access token that Facebook gave to the app."""
    return _log_in(SocialProvider.FACEBOOK, request, payload)


def _log_in(provider: SocialProvider, request: HttpRequest, payload: SocialLoginIn) -> object:
    user, pair = log_in_with(
        provider=provider,
        access_token=payload.access_token,
        user_type=UserType(payload.user_type),
        language=language_of(request),
        device=device_of(request),
    )
    return logged_in(request, user, pair)
