"""Providers that fail, and what every social login answers."""

import logging
import threading
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from core.accounts.actions.social import log_in_with
from core.accounts.social import calls, google
from core.redaction import redact
from tests import providers as fake
from tests.cast import Api
from tests.providers import TOKEN, Providers, Reply, running_providers
from tests.web.accounts.social import (
    BOTH,
    FACEBOOK,
    FIRST_CALL,
    GOOGLE,
    REFUSED,
    SECOND_CALL,
    log_in,
    nobody_joined,
)

pytestmark = pytest.mark.django_db


def assert_unavailable(answer: Any) -> None:
    assert answer.status_code == 503
    assert list(answer.json()) == ["detail"]
    assert int(answer["Retry-After"]) > 0
    assert nobody_joined()


@BOTH
@pytest.mark.parametrize("call", [FIRST_CALL, SECOND_CALL])
@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, status=500),
        Reply({}, status=503),
        Reply({"error": "rate"}, status=429),
        Reply({}, status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}),
        Reply({}, status=204),
        Reply(raw=b"<html>captive portal</html>"),
        Reply(raw=b'{"sub": "1", '),
        Reply(raw=b"[" * 20_000),
        Reply(raw=b"\xff\xfe"),
        Reply(raw=b""),
        Reply([]),
        Reply(None),
        Reply({"sub": {"a": 1}, "id": {"a": 1}, "data": [1], "aud": [1]}),
        Reply({"padding": "x" * 200_000}),
    ],
)
def test_a_provider_without_a_usable_answer_is_unavailable(
    api: Api, providers: Providers, path: str, call: dict[str, str], reply: Reply
) -> None:
    providers.replies[call[path]] = reply
    assert_unavailable(log_in(api, path))


@BOTH
def test_a_provider_that_is_down_is_unavailable(
    api: Api, providers: Providers, path: str, settings: LazySettings
) -> None:
    with running_providers() as gone:
        settings.GOOGLE_API_URL = settings.FACEBOOK_API_URL = gone.url
    assert_unavailable(log_in(api, path))


@BOTH
@pytest.mark.parametrize("call", [FIRST_CALL, SECOND_CALL])
def test_a_provider_that_is_silent_is_unavailable(
    api: Api,
    providers: Providers,
    path: str,
    call: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calls, "READ_TIMEOUT", 0.2)
    hold = threading.Event()
    providers.replies[call[path]] = Reply(hold=hold)
    try:
        assert_unavailable(log_in(api, path))
    finally:
        hold.set()


@BOTH
def test_the_calls_of_one_login_share_one_budget(
    api: Api, providers: Providers, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "BUDGET", 0.0)
    assert_unavailable(log_in(api, path))
    assert providers.requests == []


@BOTH
def test_a_refusal_by_the_second_call_is_a_refusal(api: Api, providers: Providers, path: str) -> None:
    providers.replies[SECOND_CALL[path]] = Reply({"error": {"code": 190}}, status=401)
    assert log_in(api, path).json() == REFUSED[path]


@pytest.mark.parametrize("error", [{"code": 4}, {"code": 999, "is_transient": True}])
def test_facebook_says_with_a_400_that_it_is_busy(
    api: Api, providers: Providers, error: dict[str, Any]
) -> None:
    providers.replies["/facebook/me"] = Reply({"error": error}, status=400)
    assert_unavailable(log_in(api, FACEBOOK))


@BOTH
def test_once_the_provider_is_back_the_login_works(api: Api, providers: Providers, path: str) -> None:
    good = providers.replies[FIRST_CALL[path]]
    providers.replies[FIRST_CALL[path]] = Reply({}, status=500)
    assert log_in(api, path).status_code == 503
    providers.replies[FIRST_CALL[path]] = good
    assert log_in(api, path).status_code == 200


# What every route answers ---------------------------------------------------------------------


@BOTH
def test_malformed(api: Api, providers: Providers, path: str) -> None:
    assert api.post(path, {}).json() == {"access_token": ["This field is required."]}
    bad: Any
    for bad in (None, 1, [], {}, "", "  ", "a\x00", "\udfff", "x" * 9000):
        answer = api.post(path, {"access_token": bad, "user_type": bad})
        assert answer.status_code == 400
        assert set(answer.json()) == {"access_token", "user_type"}
    assert api.post(path, raw=b"{").status_code == 400
    assert api.get(path).status_code == 405
    assert providers.requests == []


def test_a_form_works_like_json(api: Api, providers: Providers) -> None:
    answer = api.post(
        GOOGLE,
        raw=b"access_token=" + TOKEN.encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200


@BOTH
def test_no_log_holds_the_token_or_the_secret(
    api: Api, providers: Providers, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    log_in(api, path)
    for reply in (Reply({}, status=500), Reply(raw=b"{"), Reply({}, status=400)):
        providers.replies[SECOND_CALL[path]] = reply
        log_in(api, path)
    assert "unavailable" in caplog.text
    for secret in (TOKEN, TOKEN.replace("/", "%2F"), fake.FACEBOOK_APP_SECRET):
        assert secret not in caplog.text


def test_logs_blank_the_secrets_of_such_urls() -> None:
    """Should anything log one all the same."""
    url = "https://graph.facebook.com/debug_token?input_token=A&access_token=1|B&appsecret_proof=C&x=1"
    assert redact(url).endswith("?input_token=[secret]&access_token=[secret]&appsecret_proof=[secret]&x=1")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_provider_is_asked(
    api: Api, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_then: list[bool] = []
    asked = google.identify

    def watched(token: str) -> Any:
        open_then.append(connection.in_atomic_block)
        return asked(token)

    monkeypatch.setitem(log_in_with.__globals__["_PROVIDERS"], "google", watched)
    assert log_in(api, GOOGLE).status_code == 200
    assert open_then == [False]
