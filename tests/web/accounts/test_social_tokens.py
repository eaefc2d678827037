"""Social tokens that prove nothing to us: decision A16."""

from typing import Any

import pytest
from django.conf import LazySettings

from tests import providers as fake
from tests.cast import Api
from tests.providers import TOKEN, Providers
from tests.web.accounts.social import BOTH, FACEBOOK, GOOGLE, REFUSED, log_in, nobody_joined

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "facts",
    [
        {"aud": "another-app.apps.googleusercontent.com"},
        {"aud": ""},
        {"aud": None},
        {"aud": fake.GOOGLE_CLIENT_ID + ".evil.example"},
        {"aud": f"{fake.GOOGLE_CLIENT_ID},another-app"},
        {"expires_in": 0},
        {"expires_in": "-5"},
        {"sub": None},
        {"sub": "somebody-else"},
    ],
)
def test_a16_google_tokens_that_prove_nothing_to_us(
    api: Api, providers: Providers, facts: dict[str, Any]
) -> None:
    providers.replies["/google/tokeninfo"].body |= facts
    answer = log_in(api, GOOGLE)
    assert answer.status_code == 400
    assert answer.json() == REFUSED[GOOGLE]
    assert nobody_joined()


def test_a16_each_of_our_google_clients_will_do(
    api: Api, providers: Providers, settings: LazySettings
) -> None:
    settings.GOOGLE_CLIENT_ID = f"ios-app , {fake.GOOGLE_CLIENT_ID}"
    assert log_in(api, GOOGLE).status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"app_id": "999"},
        {"app_id": None},
        {"is_valid": False},
        {"user_id": None},
        {"user_id": "somebody-else"},
        {"expires_at": 1},
        {"type": "PAGE"},
        {"type": "APP"},
    ],
)
def test_a16_facebook_tokens_that_prove_nothing_to_us(
    api: Api, providers: Providers, facts: dict[str, Any]
) -> None:
    providers.replies["/facebook/debug_token"].body["data"] |= facts
    answer = log_in(api, FACEBOOK)
    assert answer.status_code == 400
    assert answer.json() == REFUSED[FACEBOOK]
    assert nobody_joined()


def test_a16_facebook_ids_may_come_as_numbers(api: Api, providers: Providers) -> None:
    providers.replies["/facebook/debug_token"].body["data"] |= {
        "app_id": int(fake.FACEBOOK_APP_ID),
        "user_id": 10158,
    }
    assert log_in(api, FACEBOOK).status_code == 200


@BOTH
def test_a16_a_token_the_provider_does_not_know(api: Api, providers: Providers, path: str) -> None:
    for token in ("forged", "forged\r\nX-Injected: 1", "مزور", "a" * 5000, " " + TOKEN):
        answer = log_in(api, path, token)
        assert answer.status_code == 400
        assert answer.json() == REFUSED[path]
    assert nobody_joined()


@BOTH
def test_a16_nothing_is_ours_while_the_provider_is_not_configured(
    api: Api, providers: Providers, path: str, settings: LazySettings
) -> None:
    settings.GOOGLE_CLIENT_ID = settings.FACEBOOK_APP_ID = ""
    providers.replies["/google/tokeninfo"].body["aud"] = ""
    answer = log_in(api, path)
    assert answer.status_code == 400
    assert list(answer.json()) == ["non_field_errors"]
    assert providers.requests == []


def test_a16_facebook_is_shown_that_we_hold_the_secret(api: Api, providers: Providers) -> None:
    log_in(api, FACEBOOK)
    proof = providers.requests[-1].query["appsecret_proof"]
    assert len(bytes.fromhex(proof)) == 32
