"""Google's OAuth 2 v3 endpoints: tokeninfo says for whom a token was made, userinfo about whom."""

from django.conf import settings

from core.accounts.models import SocialProvider
from core.accounts.social.calls import Answer, Calls, Name, Refused, Subject
from core.accounts.social.person import EmailTrust, Person, TokenRefused, make_person

_REFUSED = "Google did not accept this access token."
_OWN_DOMAINS = ("gmail.com", "googlemail.com")


class TokenInfo(Answer):
    """Absent facts are None, and prove nothing."""

    aud: str | None = None
    sub: Subject | None = None
    expires_in: int | None = None
    email: str | None = None
    email_verified: bool | None = None


class UserInfo(Answer):
    sub: Subject | None = None
    name: Name | None = None
    email: str | None = None
    email_verified: bool | None = None
    hd: str | None = None


def identify(access_token: str) -> Person:
    """The person behind a token made for this app. TokenRefused; Unavailable."""
    clients = [part.strip() for part in settings.GOOGLE_CLIENT_ID.split(",") if part.strip()]
    if not clients:
        raise TokenRefused("Logging in with Google is not available.")
    calls = Calls("Google", settings.GOOGLE_API_URL)
    try:
        token = calls.get("/tokeninfo", TokenInfo, params={"access_token": access_token})
        if token.aud not in clients or not token.sub or _expired(token):
            raise TokenRefused(_REFUSED)
        user = calls.get("/userinfo", UserInfo, headers={"Authorization": f"Bearer {access_token}"})
    except Refused:
        raise TokenRefused(_REFUSED) from None
    if user.sub != token.sub:
        raise TokenRefused(_REFUSED)
    return make_person(
        SocialProvider.GOOGLE,
        subject=token.sub,
        email=_verified_email(token, user),
        trust=_trust(user.email or token.email or "", user.hd),
        name=user.name,
    )


def _expired(token: TokenInfo) -> bool:
    return token.expires_in is not None and token.expires_in <= 0


def _verified_email(token: TokenInfo, user: UserInfo) -> str | None:
    """The one address both answers agree on; TokenRefused if either calls it unverified."""
    told = [answer for answer in (user, token) if answer.email]
    if not told:
        return None
    flags = {answer.email_verified for answer in told} - {None}
    addresses = {(answer.email or "").lower() for answer in told}
    if flags != {True} or len(addresses) > 1:
        raise TokenRefused("Your Google account has no verified email address.")
    return told[0].email


def _trust(email: str, hosted_domain: str | None) -> EmailTrust:
    """Google runs gmail.com and the domains it hosts; other addresses it only verified once."""
    own = email.lower().rpartition("@")[2] in _OWN_DOMAINS
    return EmailTrust.PROVEN if own or hosted_domain else EmailTrust.VERIFIED
