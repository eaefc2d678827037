"""Errors, pages and health on every path: decisions F1 to F4 and F8."""

import logging
from contextlib import AbstractContextManager, closing, nullcontext

import pytest
from django.conf import LazySettings
from django.test import Client

from core import telemetry
from core.accounts.models import User
from tests.cast import PASSWORD, Api, tokens_of

pytestmark = pytest.mark.django_db
NOT_FOUND = {"detail": "Not found."}


@pytest.mark.parametrize("path", ["/nothing/", "/auth/nothing/", "/auth/login", "/a\x00b/", "/%ff/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_f1_unknown_paths(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    "path",
    [
        "/auth/login/",
        "/auth/user/",
        "/profiles/me/",
        "/",
        "/swagger/",
        "/redoc/",
        "/openapi.json",
        "/health/live/",
    ],
)
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS"])
def test_f3_wrong_methods(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert answer.status_code == 405
    assert answer.json() == {"detail": f'Method "{method}" not allowed.'}
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["/auth/user/", "/services/categories/", "/auth/nothing/"])
def test_head_answers_as_get_does_without_a_body(api: Api, client_user: User, path: str) -> None:
    token = tokens_of(client_user).access
    read, head = api.get(path, token=token), api.request("HEAD", path, token=token)
    assert head.status_code == read.status_code
    assert head["Content-Type"] == read["Content-Type"]
    assert head["Content-Length"] == str(len(read.content))
    assert head.content == b""
    assert api.request("HEAD", path).status_code == api.get(path).status_code


def test_head_is_refused_where_get_is(api: Api) -> None:
    answer = api.request("HEAD", "/auth/login/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert api.post("/services/categories/")["Allow"] == "GET, HEAD"


def test_an_answer_without_content_has_no_content_type(api: Api, client_user: User) -> None:
    answer = api.delete("/auth/user/", {"password": PASSWORD}, user=client_user)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer


def test_f3_an_anonymous_flood_from_one_address_is_429(api: Api) -> None:
    answers = [api.post("/auth/verify-email-otp/", {}).status_code for _ in range(310)]
    assert answers[:300] == [400] * 300
    last = api.post("/auth/verify-email-otp/", {})
    assert last.status_code == 429
    assert last.json() == {"detail": "Too many requests. Please try again later."}
    assert 0 < int(last["Retry-After"]) <= 61
    assert Api().post("/auth/verify-email-otp/", {}).status_code == 400


def test_rates_pass_and_say_so_when_valkey_is_down(
    api: Api, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with caplog.at_level(logging.WARNING):
        assert api.post("/auth/login/", {}).status_code == 400
    assert "rates are not held" in caplog.text


def test_a_bug_is_a_plain_500(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("core.accounts.actions.verification.request_verification", broken)
    answer = api.post("/auth/send-email-otp/", {"email": "a@example.com"})
    assert answer.status_code == 500
    assert answer.json() == {"detail": "A server error occurred."}


def test_secrets_stay_out_of_the_log(api: Api, client_user: User, caplog: pytest.LogCaptureFixture) -> None:
    token = tokens_of(client_user).access
    with caplog.at_level(logging.DEBUG):
        api.get(f"/auth/user/?token={token}", token=token)
        api.post("/auth/login/", {"email": client_user.email, "password": PASSWORD})
    assert token not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_request_has_one_id(api: Api) -> None:
    assert api.get("/health/live/", X_Request_ID="abc-1")["X-Request-ID"] == "abc-1"
    assert api.get("/health/live/", X_Request_ID="a b\n")["X-Request-ID"] not in ("", "a b\n")


@pytest.mark.parametrize("path", ["/swagger/", "/redoc/"])
def test_documentation_is_served_by_us_alone(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "https://" not in html
    assert "http://" not in html
    assert "/static/ninja/" in html


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js"])
def test_documentation_assets(api: Api, name: str) -> None:
    with closing(api.get(f"/static/ninja/{name}")) as answer:
        assert answer.status_code == 200


def test_the_root_leads_to_swagger(api: Api) -> None:
    answer = api.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/swagger/")


def test_admin_asks_for_a_login(api: Api) -> None:
    answer = api.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
    assert api.get("/admin/login/").status_code == 200


def test_f8_health(api: Api) -> None:
    assert api.get("/health/live/").status_code == 200
    answer = api.get("/health/ready/")
    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {
        "database", "broker", "realtime_bus", "storage", "processes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "value", "check"),
    [
        ("BROKER_URL", "redis://127.0.0.1:1/0", "broker"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "realtime_bus"),
        ("READY_FILE", "/nonexistent/ready", "processes"),
    ],
)
def test_f8_not_ready_says_what_is_missing(
    api: Api, settings: LazySettings, setting: str, value: str, check: str
) -> None:
    setattr(settings, setting, value)
    answer = api.get("/health/ready/")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert [name for name, state in checks.items() if state != "ok"] == [check]


@pytest.mark.parametrize("path", ["/", "/swagger/", "/health/live/", "/openapi.json", "/media/x"])
def test_f1_pages_take_nothing_but_reading(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"a": "b"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"detail": 'Method "POST" not allowed.'}


def test_f4_too_many_parameters(api: Api, client_user: User) -> None:
    answer = api.get("/services/browse/?" + "a=1&" * 1001, user=client_user)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Bad request."})


def test_paths_are_logged_on_one_line(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        api.get("/a%00b%0Aforged/")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "web.access"]
    assert line.startswith("GET /a\\x00b\\nforged/ 404")


def test_probes_are_not_traced(monkeypatch: pytest.MonkeyPatch, api: Api) -> None:
    begun: list[str] = []

    def span(name: str, kind: str) -> AbstractContextManager[None]:
        begun.append(kind)
        return nullcontext()

    monkeypatch.setattr(telemetry, "span", span)
    for path in ("/health/live/", "/health/ready/"):
        assert api.get(path).status_code == 200
    assert begun == []
    api.get("/nothing/")
    assert begun == ["server"]
