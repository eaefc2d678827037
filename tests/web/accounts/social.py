"""What the tests of social logins share."""

from typing import Any

import pytest

from core.accounts.models import SocialIdentity, User
from tests.cast import Api
from tests.providers import TOKEN

GOOGLE, FACEBOOK = "/auth/google/", "/auth/facebook/"
BOTH = pytest.mark.parametrize("path", [GOOGLE, FACEBOOK])
FIRST_CALL = {GOOGLE: "/google/tokeninfo", FACEBOOK: "/facebook/debug_token"}
SECOND_CALL = {GOOGLE: "/google/userinfo", FACEBOOK: "/facebook/me"}
REFUSED = {
    GOOGLE: {"non_field_errors": ["Google did not accept this access token."]},
    FACEBOOK: {"non_field_errors": ["Facebook did not accept this access token."]},
}
TAKEN = {"non_field_errors": ["An account with this email address already exists. Log in with its password."]}


def log_in(api: Api, path: str, token: str = TOKEN, **more: Any) -> Any:
    return api.post(path, {"access_token": token} | more)


def nobody_joined() -> bool:
    return not User.objects.exists() and not SocialIdentity.objects.exists()
