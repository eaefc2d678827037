"""What the log has of a request that failed: one line with its id, and none for a stranger's nonsense."""

import logging
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from core.correlation import CorrelationFilter
from web import health

pytestmark = pytest.mark.django_db
ID = "failed-1"


def fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str, str]]]:
    """What was logged as a warning or worse: the level, the logger and the request's id."""
    caplog.set_level(logging.DEBUG)
    correlation = CorrelationFilter()
    caplog.handler.addFilter(correlation)
    return lambda: [
        (record.levelname, record.name, record.__dict__["request_id"])
        for record in caplog.records
        if record.levelno >= logging.WARNING
    ]


def get(path: str, **headers: str) -> int:
    client = Client(raise_request_exception=False)
    return client.get(path, headers={"X-Request-ID": ID, "Authorization": "Bearer x", **headers}).status_code


@pytest.mark.parametrize(
    ("path", "broken", "logger"),
    [
        ("/services/categories/", "web.auth.BearerAuth.__call__", "web.errors"),
        ("/admin/login/", "django.contrib.admin.sites.AdminSite.each_context", "django.request"),
    ],
)
def test_a_bug_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
    told: Callable[[], list[tuple[str, str, str]]],
    path: str,
    broken: str,
    logger: str,
) -> None:
    monkeypatch.setattr(broken, fail)
    assert get(path) == 500
    assert told() == [("ERROR", logger, ID)]


def test_what_is_unavailable_is_told_once(
    monkeypatch: pytest.MonkeyPatch, told: Callable[[], list[tuple[str, str, str]]]
) -> None:
    monkeypatch.setitem(health._CHECKS, "broker", fail)
    monkeypatch.setitem(health._CHECKS, "realtime_bus", fail)
    assert get("/health/ready/") == 503
    assert told() == [("WARNING", "web.health", ID)] * 2


def test_a_strangers_host_is_an_answer_and_no_failure(
    settings: LazySettings, told: Callable[[], list[tuple[str, str, str]]]
) -> None:
    settings.ALLOWED_HOSTS = ["app.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    assert get("/swagger/", Host="evil1.org") == 400
    assert told() == []


def test_too_many_fields_are_an_answer_and_no_failure(
    told: Callable[[], list[tuple[str, str, str]]],
) -> None:
    fields = {f"field{number}": "x" for number in range(1001)}
    assert Client().post("/admin/login/", fields).status_code == 400
    assert told() == []
