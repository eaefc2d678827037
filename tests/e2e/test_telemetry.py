"""The whole product with production's settings, as operators have it.

Metrics are apart from clients, an event is one JSON line, and what is for trying out is off.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import psutil
import pytest

from tests.e2e.harness import Product
from tests.e2e.people import PATIENCE, Person
from tests.local.running import until
from tests.scraping import scrape, told_address, value

pytestmark = pytest.mark.e2e
SERVING = ("web", "worker", "relay", "realtime")
LOGGING = (*SERVING, "beat")
REQUEST_ID = "told-from-end-to-end"
EMAIL = "amina@example.com"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "settings.production",
    "ALLOWED_HOSTS": "localhost",
    "SECURE_SSL_REDIRECT": "false",
}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """A run in which one user asked for a code, and another opened a socket."""
    with Product(**PRODUCTION, WEB_CONCURRENCY="2", WORKER_CONCURRENCY="2") as running:
        with httpx.Client(
            base_url=running.base_url, headers={"X-Request-ID": REQUEST_ID}, timeout=PATIENCE
        ) as client:
            person = {"email": EMAIL, "full_name": "Amina", "phone": "+213796269301", "user_type": "client"}
            passwords = {"password1": "Sahara-12345", "password2": "Sahara-12345"}
            assert client.post("/auth/registration/", json={**person, **passwords}).status_code == 201
            assert client.post("/auth/send-email-otp/?token=hidden", json={"email": EMAIL}).status_code == 200
        running.next_mail(EMAIL)
        with Person(running).join() as other, other.socket() as phone:
            phone.wait("presence_snapshot")
        yield running


def address(product: Product, process: str) -> str:
    return told_address(product.var / "run" / f"{process}.metrics.json")


def lines(product: Product, process: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in product.log(process).splitlines()]


def test_nothing_that_is_for_trying_out_is_there(product: Product) -> None:
    for path in ("/live/", "/live/people.json"):
        assert httpx.get(product.base_url + path, timeout=PATIENCE).status_code == 404
    demo = product.manage("demo")
    assert demo.returncode != 0
    assert "its passwords are no secret" in demo.stderr


@pytest.mark.parametrize("process", SERVING)
def test_each_process_serves_metrics_on_loopback(product: Product, process: str) -> None:
    assert "accountant_" in scrape(address(product, process))
    assert address(product, process).startswith("127.0.0.1:")
    port = int(address(product, process).rpartition(":")[2])
    listening = [c.laddr for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert [place[0] for place in listening if place and place[1] == port] == ["127.0.0.1"]


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/ws/metrics", "/ws/global/metrics"])
def test_no_client_reaches_them_through_the_edge(product: Product, path: str) -> None:
    answer = httpx.get(product.base_url + path, timeout=PATIENCE)
    assert answer.status_code == 404
    assert "accountant_" not in answer.text


def test_all_of_webs_processes_are_counted_together(product: Product) -> None:
    asked = {"method": "GET", "route": "/health/live/", "status": "200"}

    def told() -> float:
        return value(scrape(address(product, "web")), "accountant_http_requests_total", **asked)

    before = told()
    for _ in range(20):
        httpx.get(f"{product.base_url}/health/live/", timeout=PATIENCE)
    until(lambda: told() >= before + 20)


def test_the_pools_of_webs_processes_are_counted_together(product: Product) -> None:
    def told() -> float:
        states = ("in_use", "free")
        text = scrape(address(product, "web"))
        return sum(value(text, "accountant_database_pool_connections", state=state) for state in states)

    until(lambda: told() >= 1)


def test_a_mail_is_counted_with_its_latency(product: Product) -> None:
    text = scrape(address(product, "worker"))
    assert value(text, "accountant_mails_total", outcome="sent") == 2
    assert value(text, "accountant_mail_latency_seconds_count") == 2


@pytest.mark.parametrize("process", LOGGING)
def test_every_line_is_one_json_object(product: Product, process: str) -> None:
    assert lines(product, process)
    for line in lines(product, process):
        assert {"level", "logger", "message", "request_id"} <= line.keys(), line
        assert datetime.fromisoformat(line["at"]).tzinfo == UTC


def test_a_request_and_its_job_bear_one_id(product: Product) -> None:
    access = [line for line in lines(product, "web") if line["request_id"] == REQUEST_ID]
    told = [
        (line["method"], line["route"], line["status"]) for line in access if line["logger"] == "web.access"
    ]
    assert told == [("POST", "/auth/registration/", 201), ("POST", "/auth/send-email-otp/", 200)]
    assert all(line["duration_ms"] > 0 for line in access if line["logger"] == "web.access")
    jobs = [line for line in lines(product, "worker") if line["request_id"] == REQUEST_ID]
    assert [(line["job"], line["outcome"]) for line in jobs] == [("accounts.send_otp_email", "done")]


@pytest.mark.parametrize("process", [*LOGGING, "edge"])
def test_no_log_holds_a_query_or_a_password(product: Product, process: str) -> None:
    text = product.log(process)
    assert "hidden" not in text
    assert "Sahara-12345" not in text


def test_the_web_servers_own_lines_are_json_too(product: Product) -> None:
    server = psutil.Process(product.pid("web"))
    server.children()[0].kill()
    until(lambda: "_granian" in product.log("web"))
    (line, *_) = [line for line in lines(product, "web") if line["logger"] == "_granian"]
    assert line["level"] in {"WARNING", "ERROR"}
