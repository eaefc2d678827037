"""Registration, login, tokens and logout."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.accounts.actions import login as actions
from core.accounts.actions import sessions
from core.accounts.actions.registration import register_user
from core.accounts.actions.sessions import TokenPair
from core.accounts.models import User, UserType
from core.errors import BadToken, Invalid
from core.files.urls import signed_path
from core.profiles.queries import bio_and_picture_of
from web import errors
from web.accounts import schemas
from web.auth import AuthedRequest, BearerAuth, device_of, language_of, stated_language_of
from web.body import Payload
from web.throttle import PerAddress

RATE = PerAddress("300/minute", scope="login")
auth = Router(tags=["Authentication"], throttle=RATE)
api_tokens = Router(tags=["Tokens"], throttle=RATE)
DEAD_TOKEN = {"detail": "Token is invalid or expired", "code": "token_not_valid"}


@auth.post("registration/", response={201: schemas.RegistrationOut})
def register(request: HttpRequest, payload: Payload[schemas.RegistrationIn]) -> Status[object]:
    """Create an account, inactive until its email is verified. No mail is sent."""
    user, pair = register_user(
        email=payload.email,
        password=payload.password1,
        user_type=UserType(payload.user_type),
        full_name=payload.full_name,
        phone=payload.phone,
        language=language_of(request),
        device=device_of(request),
    )
    return Status(201, {**_pair(pair), "user": user})


@auth.post("login/", response=schemas.LoginOut)
def log_in(request: HttpRequest, payload: Payload[schemas.CredentialsIn]) -> object:
    """Log in with email and password."""
    try:
        user, pair = actions.log_in(email=payload.email, password=payload.password, device=device_of(request))
    except actions.WrongCredentials as error:
        raise Invalid.general(error.message) from None
    return logged_in(request, user, pair)


@api_tokens.post("token/", response=schemas.PairOut)
def get_token_pair(
    request: HttpRequest, payload: Payload[schemas.CredentialsIn]
) -> HttpResponse | dict[str, str]:
    """Get a refresh and an access token with email and password."""
    try:
        _, pair = actions.log_in(email=payload.email, password=payload.password, device=device_of(request))
    except (actions.WrongCredentials, Invalid):
        message = "No active account found with the given credentials"
        return errors.unauthorized({"detail": message})
    return {"refresh": pair.refresh, "access": pair.access}


@api_tokens.post("token/refresh/", response=schemas.RefreshOut, exclude_none=True)
def refresh(request: HttpRequest, payload: Payload[schemas.RefreshIn]) -> object:
    """Get a new access token."""
    try:
        return sessions.refresh_session(refresh=payload.refresh, language=stated_language_of(request))
    except BadToken:
        return errors.unauthorized(DEAD_TOKEN)


@auth.post("logout/", response=schemas.Detail, auth=BearerAuth())
def log_out(request: AuthedRequest, payload: Payload[schemas.LogoutIn]) -> object:
    """End the session of the refresh token, or without one that of the access token."""
    try:
        sessions.log_out(user=request.auth.user, session_id=request.auth.session_id, refresh=payload.refresh)
    except BadToken:
        return errors.unauthorized(DEAD_TOKEN)
    return {"detail": "Successfully logged out."}


def logged_in(request: HttpRequest, user: User, pair: TokenPair) -> dict[str, object]:
    """The body of every successful login."""
    bio, picture = bio_and_picture_of(user)
    url = request.build_absolute_uri(signed_path(picture)) if picture else None
    shown = schemas.with_profile(user, bio=bio, profile_picture_url=url)
    return {**_pair(pair), "user": shown}


def _pair(pair: TokenPair) -> dict[str, str]:
    return {"access_token": pair.access, "refresh_token": pair.refresh}
