"""Requests are counted by route, method and status, and told of in a line with the same facts."""

import logging
from uuid import uuid4

import pytest

from tests.cast import Api
from tests.scraping import counted
from web import metrics

pytestmark = pytest.mark.django_db


def requests(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return counted("accountant_http_requests_total", **labels)


def access_line(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    return next(record for record in reversed(caplog.records) if record.name == "web.access")


def test_requests_count_under_their_route_not_their_path(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "web.access")
    api.get(f"/bookings/{uuid4()}/")
    route = access_line(caplog).route  # type: ignore[attr-defined]
    before = requests("GET", route, 401)
    api.get(f"/bookings/{uuid4()}/?token=secret")
    assert requests("GET", route, 401) == before + 1
    assert counted("accountant_http_request_duration_seconds_count", method="GET", route=route) >= 2
    assert "<" in route


def test_what_nothing_matches_is_one_series(api: Api) -> None:
    before = requests("GET", metrics.UNMATCHED, 404)
    for path in (f"/{uuid4()}/", f"/nothing/{uuid4()}/"):
        api.get(path)
    assert requests("GET", metrics.UNMATCHED, 404) == before + 2


def test_odd_methods_are_one_series(api: Api) -> None:
    before = requests("OTHER", "/auth/login/", 405)
    for method in ("BREW", "TRACE"):
        api.request(method, "/auth/login/")
    assert requests("OTHER", "/auth/login/", 405) == before + 2


def test_the_access_line_has_the_facts_and_no_query(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "web.access")
    api.get("/services/categories/?token=abc")
    line = vars(access_line(caplog))
    assert (line["method"], line["route"], line["status"]) == ("GET", "/services/categories/", 401)
    assert line["duration_ms"] >= 0
    assert "abc" not in str(line)


def test_no_metrics_are_among_the_routes(api: Api) -> None:
    assert api.get("/metrics").status_code == api.get("/metrics/").status_code == 404
