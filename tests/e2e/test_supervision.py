"""The real processes: all there, each replaced when it dies, none left at the end."""

import re
import signal
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.harness import Product
from tests.e2e.people import PATIENCE
from tests.local.running import until

PROCESSES = ["edge", "web", "realtime", "relay", "worker", "beat", "flower", "postgres", "valkey"]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One of their own, for its processes are killed."""
    with Product() as product:
        yield product


def test_every_process_has_its_pid_in_var_dir_and_in_the_table(product: Product) -> None:
    pids = product.pids()
    assert sorted(pids) == sorted(PROCESSES)
    rows = [line.split() for line in product.output.splitlines()]
    table = {row[0]: row[-1] for row in rows if len(row) == 3}
    assert {label: table.get(label) for label in pids} == {label: str(pid) for label, pid in pids.items()}


def test_the_front_door_is_open(product: Product) -> None:
    for path in ("/health/live/", "/health/ready/", "/swagger/", "/redoc/", "/admin/login/"):
        assert httpx.get(product.base_url + path, timeout=PATIENCE).status_code == 200, path
    assert httpx.get(product.base_url, timeout=PATIENCE).headers["location"] == "/swagger/"


def test_flower_asks_for_the_password_that_was_printed(product: Product) -> None:
    assert httpx.get(product.flower_url, timeout=PATIENCE).status_code == 401
    assert httpx.get(product.flower_url, auth=("admin", "guess"), timeout=PATIENCE).status_code == 401
    assert httpx.get(product.flower_url, auth=product.flower_auth, timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/tasks", 200), ("/static/js/flower.js", 200), ("/metrics", 404)]
)
def test_flower_is_framed_and_kept_by_nobody(product: Product, path: str, status: int) -> None:
    answer = httpx.get(product.flower_url + path, auth=product.flower_auth, timeout=PATIENCE)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "action", ["worker/shutdown", "worker/pool/shrink", "task/revoke", "task/async-apply"]
)
def test_flower_only_shows(product: Product, action: str) -> None:
    response = httpx.post(
        f"{product.flower_url}/api/{action}/anything", auth=product.flower_auth, timeout=PATIENCE
    )
    assert response.status_code == 403


@pytest.mark.parametrize("label", PROCESSES)
def test_a_killed_process_is_replaced_and_readiness_waits_for_it(product: Product, label: str) -> None:
    old = product.kill(label)
    product.until_printed(f"{label} died \\(killed by SIGKILL\\): started again")
    product.until_restarted(label, old)
    until(lambda: httpx.get(f"{product.base_url}/health/ready/", timeout=PATIENCE).status_code == 200)


def test_several_of_each_serve_side_by_side_and_are_gone_within_fifteen_seconds() -> None:
    with Product(WEB_PROCESSES="2", REALTIME_PROCESSES="2", WORKER_PROCESSES="2") as product:
        assert {"web.1", "web.2", "realtime.1", "realtime.2", "worker.1", "worker.2"} <= product.pids().keys()
        killed = product.kill("web.1")
        for _ in range(10):
            assert httpx.get(product.base_url + "/health/live/", timeout=PATIENCE).status_code == 200
        product.until_restarted("web.1", killed)
        began = time.monotonic()
        assert product.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 15
        assert product.processes() == []
        # The last checkpoint may take PostgreSQL longer than it is given; the rest have time enough.
        assert re.findall(r"(\S+) did not stop", product.output) in ([], ["postgres"])
