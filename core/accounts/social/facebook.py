"""Facebook's Graph API: debug_token says whose token it is and for which app, me the rest."""

import hashlib
import hmac
import time

from django.conf import settings
from pydantic import ValidationError

from core.accounts.models import SocialProvider
from core.accounts.social.calls import Answer, Calls, Name, Refused, Subject
from core.accounts.social.person import EmailTrust, Person, TokenRefused, make_person
from core.errors import Unavailable

_REFUSED = "Facebook did not accept this access token."
# "Unknown", "service temporarily unavailable" and the rate limits of the app, user and page.
_PASSING_ERRORS = frozenset({1, 2, 4, 17, 32, 341, 613})


class TokenData(Answer):
    """Absent facts are None, and prove nothing. expires_at 0 is never."""

    app_id: str | None = None
    type: str = "USER"
    is_valid: bool = False
    user_id: Subject | None = None
    expires_at: int = 0


class DebugToken(Answer):
    data: TokenData = TokenData()


class Me(Answer):
    id: Subject | None = None
    name: Name | None = None
    email: str | None = None


class GraphError(Answer):
    code: int = 0
    is_transient: bool = False


class ErrorAnswer(Answer):
    error: GraphError = GraphError()


def identify(access_token: str) -> Person:
    """The person behind a token made for this app. TokenRefused; Unavailable."""
    if not (settings.FACEBOOK_APP_ID and settings.FACEBOOK_APP_SECRET):
        raise TokenRefused("Logging in with Facebook is not available.")
    calls = Calls("Facebook", settings.FACEBOOK_API_URL)
    try:
        user_id = _checked(calls, access_token)
        me = calls.get("/me", Me, params=_me(access_token))
    except Refused as refused:
        raise _meaning(refused) from None
    if me.id != user_id:
        raise TokenRefused(_REFUSED)
    # Graph has no flag for a verified address: its word creates an account, but links none.
    return make_person(
        SocialProvider.FACEBOOK,
        subject=user_id,
        email=me.email,
        trust=EmailTrust.TOLD,
        name=me.name,
    )


def _checked(calls: Calls, access_token: str) -> str:
    """The id of the user who gave this token to our app."""
    params = {
        "input_token": access_token,
        "access_token": f"{settings.FACEBOOK_APP_ID}|{settings.FACEBOOK_APP_SECRET}",
    }
    token = calls.get("/debug_token", DebugToken, params=params).data
    ours = token.app_id == settings.FACEBOOK_APP_ID and token.type.upper() == "USER"
    expired = 0 < token.expires_at <= time.time()
    if not (ours and token.is_valid and token.user_id) or expired:
        raise TokenRefused(_REFUSED)
    return token.user_id


def _me(access_token: str) -> dict[str, str]:
    """The proof shows Facebook that the caller holds the app's secret, not a stolen token alone."""
    proof = hmac.digest(settings.FACEBOOK_APP_SECRET.encode(), access_token.encode(), hashlib.sha256)
    return {
        "fields": "id,name,email",
        "access_token": access_token,
        "appsecret_proof": proof.hex(),
    }


def _meaning(refused: Refused) -> Exception:
    """Graph says with a 4xx that it is busy, too; only the code in the body tells."""
    try:
        error = ErrorAnswer.model_validate_json(refused.body).error
    except ValidationError:
        error = GraphError()
    if error.is_transient or error.code in _PASSING_ERRORS:
        return Unavailable("Facebook is not available right now. Please try again later.")
    return TokenRefused(_REFUSED)
