"""What a forged, stale or misused token gets, and rotation: decision A20."""

import base64
import json
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import LazySettings

from core.accounts import tokens
from core.accounts.models import Session, User
from core.jobs.models import Job
from tests.cast import Api, tokens_of

pytestmark = pytest.mark.django_db
REFUSAL = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [
        {
            "token_class": "AccessToken",
            "token_type": "access",
            "message": "Token is invalid or expired",
        }
    ],
}


def payload_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def signed(payload: dict[str, Any], *, key: bytes | None = None, **headers: Any) -> str:
    key = tokens.derived_key("jwt") if key is None else key
    return jwt.encode(payload, key, algorithm="HS256", headers={"kid": "main"} | headers)


def assert_refused(api: Api, token: str) -> None:
    answer = api.get("/auth/user/", token=token)
    assert answer.status_code == 401
    assert answer.json() == REFUSAL


def test_claims(client_user: User) -> None:
    payload = payload_of(tokens_of(client_user).access)
    assert payload["user_id"] == str(client_user.id)
    assert payload["token_type"] == "access"
    assert payload["exp"] - payload["iat"] == 900
    assert {"jti", "sid", "iss", "aud"} <= payload.keys()


def test_genuine_token_works(api: Api, client_user: User) -> None:
    assert api.get("/auth/user/", token=signed(payload_of(tokens_of(client_user).access))).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer  x y"])
def test_malformed_authorization(api: Api, header: str) -> None:
    answer = api.get("/auth/user/", Authorization=header)
    assert answer.status_code == 401
    assert answer.json() == REFUSAL


@pytest.mark.parametrize("header", ["", "Basic dTpw", "Token abc"])
def test_other_schemes_are_no_credentials(api: Api, header: str) -> None:
    answer = api.get("/auth/user/", Authorization=header)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_alg_none(api: Api, client_user: User) -> None:
    _, body, _ = tokens_of(client_user).access.split(".")
    for alg in ("none", "None", "NONE"):
        forged = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "main"}).encode())
        assert_refused(api, f"{forged.decode().rstrip('=')}.{body}.")


def test_other_algorithms_and_keys(api: Api, client_user: User) -> None:
    payload = payload_of(tokens_of(client_user).access)
    key = tokens.derived_key("jwt")
    assert_refused(api, jwt.encode(payload, key + key, algorithm="HS512", headers={"kid": "main"}))
    assert_refused(api, signed(payload, key=b"another key of thirty-two bytes!"))
    assert_refused(api, signed(payload, kid="unknown"))
    assert_refused(api, jwt.encode(payload, key, algorithm="HS256"))


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"},
        {"iss": "another"},
        {"exp": 1},
        {"iat": 99_999_999_999},
        {"exp": "soon"},
        {"exp": 10**30},
        {"user_id": str(uuid4())},
        {"user_id": 7},
        {"user_id": None},
        {"sid": str(uuid4())},
        {"token_type": "refresh"},
        {"token_type": None},
    ],
)
def test_changed_claims(api: Api, client_user: User, change: dict[str, Any]) -> None:
    assert_refused(api, signed(payload_of(tokens_of(client_user).access) | change))


@pytest.mark.parametrize("claim", ["exp", "iat", "jti", "iss", "aud", "sid", "user_id", "token_type"])
def test_missing_claims(api: Api, client_user: User, claim: str) -> None:
    payload = payload_of(tokens_of(client_user).access)
    del payload[claim]
    assert_refused(api, signed(payload))


def test_tampered_user_id(api: Api, client_user: User, stranger: User) -> None:
    head, _, signature = tokens_of(client_user).access.split(".")
    payload = payload_of(tokens_of(client_user).access) | {"user_id": str(stranger.id)}
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    assert_refused(api, f"{head}.{body}.{signature}")


def test_refresh_token_is_no_access_token(api: Api, client_user: User) -> None:
    assert_refused(api, tokens_of(client_user).refresh)


def test_expired(api: Api, client_user: User, settings: LazySettings) -> None:
    settings.ACCESS_TOKEN_LIFETIME = -60
    assert_refused(api, tokens_of(client_user).access)


def test_expiry_is_to_the_second(api: Api, client_user: User, settings: LazySettings) -> None:
    settings.ACCESS_TOKEN_LIFETIME = -1
    assert_refused(api, tokens_of(client_user).access)


def test_a_deleted_session_ends_its_access_tokens(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    Session.objects.all().delete()
    assert_refused(api, pair.access)


def test_one_query_authenticates(api: Api, client_user: User, django_assert_num_queries: Any) -> None:
    access = tokens_of(client_user).access
    with django_assert_num_queries(1):
        assert api.get("/auth/user/", token=access).status_code == 200


def test_key_ring_verifies_old_keys_until_removed(
    api: Api, client_user: User, settings: LazySettings
) -> None:
    settings.JWT_KEYS = "one:" + "a" * 40
    old = tokens_of(client_user).access
    settings.JWT_KEYS = "two:" + "b" * 40 + ",one:" + "a" * 40
    new = tokens_of(client_user).access
    assert jwt.get_unverified_header(new)["kid"] == "two"
    assert api.get("/auth/user/", token=old).status_code == 200
    assert api.get("/auth/user/", token=new).status_code == 200
    settings.JWT_KEYS = "two:" + "b" * 40
    assert_refused(api, old)
    assert api.get("/auth/user/", token=new).status_code == 200


def test_the_key_made_from_secret_key_can_be_kept_beside_new_ones(
    api: Api, client_user: User, settings: LazySettings
) -> None:
    assert settings.JWT_KEYS == "main"
    old = tokens_of(client_user).access
    settings.JWT_KEYS = "two:" + "b" * 40 + ", main"
    assert jwt.get_unverified_header(tokens_of(client_user).access)["kid"] == "two"
    assert api.get("/auth/user/", token=old).status_code == 200
    settings.JWT_KEYS = "two:" + "b" * 40
    assert_refused(api, old)


# Rotation -------------------------------------------------------------------------------------


@pytest.fixture
def rotating(settings: LazySettings) -> None:
    settings.ROTATE_REFRESH_TOKENS = True


def grow_old() -> None:
    """Every rotation so far lies behind the grace."""
    for session in Session.objects.all():
        session.rotations = [(old, new, at - 11) for old, new, at in session.rotations]
        session.save()


def renew(api: Api, refresh: str) -> Any:
    return api.post("/api/token/refresh/", {"refresh": refresh})


@pytest.mark.usefixtures("rotating")
def test_a20_rotation_gives_a_new_refresh_token(api: Api, client_user: User) -> None:
    first = tokens_of(client_user).refresh
    body = renew(api, first).json()
    assert set(body) == {"access", "refresh"}
    assert body["refresh"] != first
    assert renew(api, body["refresh"]).status_code == 200


@pytest.mark.usefixtures("rotating")
def test_a20_within_the_grace_a_retry_gets_the_same_successor(api: Api, client_user: User) -> None:
    first = tokens_of(client_user).refresh
    successors = {renew(api, first).json()["refresh"] for _ in range(4)}
    assert len(successors) == 1
    assert renew(api, successors.pop()).status_code == 200


@pytest.mark.usefixtures("rotating")
def test_a20_a_stolen_token_used_after_the_grace_ends_the_session(api: Api, client_user: User) -> None:
    first = tokens_of(client_user).refresh
    body = renew(api, first).json()
    grow_old()
    assert renew(api, first).status_code == 401
    assert renew(api, body["refresh"]).status_code == 401
    assert_refused(api, body["access"])
    names = set(Job.objects.values_list("name", flat=True))
    assert names == {"accounts.close_session_sockets", "accounts.send_notice_email"}


@pytest.mark.usefixtures("rotating")
def test_a20_a_token_two_generations_old_ends_the_session(api: Api, client_user: User) -> None:
    first = tokens_of(client_user).refresh
    second = renew(api, first).json()["refresh"]
    grow_old()
    third = renew(api, second).json()["refresh"]
    assert renew(api, first).status_code == 401
    assert renew(api, third).status_code == 401


@pytest.mark.usefixtures("rotating")
def test_a20_within_the_grace_each_generation_has_its_own_successor(api: Api, client_user: User) -> None:
    """A late retry, after its successor was used already, logs nobody out."""
    first = tokens_of(client_user).refresh
    second = renew(api, first).json()["refresh"]
    third = renew(api, second).json()["refresh"]
    assert renew(api, first).json()["refresh"] == second
    assert renew(api, second).json()["refresh"] == third
    assert renew(api, third).status_code == 200


def test_a20_off_by_default(api: Api, client_user: User) -> None:
    assert "refresh" not in renew(api, tokens_of(client_user).refresh).json()
