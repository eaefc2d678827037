"""The edge as production runs it: who it asks, and what it lets through."""

from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.local.edge import standing_in
from web.security import DATA_POLICY


@pytest.mark.usefixtures("both")
def test_sockets_go_to_realtime_and_the_rest_to_web(edge: httpx.Client) -> None:
    assert edge.get("/ws/global/?token=abc").json()["who"] == "realtime"
    for path in ("/", "/auth/login/?next=/ws/", "/wsx", "/media/a%20b"):
        answer = edge.get(path).json()
        assert (answer["who"], answer["path"]) == ("web1", path)


@pytest.mark.usefixtures("both")
def test_a_client_cannot_say_who_it_is(edge: httpx.Client) -> None:
    lies = {
        "X-Forwarded-For": "6.6.6.6, 7.7.7.7",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    for path in ("/", "/ws/global/"):
        got = edge.get(path, headers=lies).json()["headers"]
        assert got["x-forwarded-for"] == "127.0.0.1"
        assert got["x-real-ip"] == "127.0.0.1"
        assert got["x-forwarded-proto"] == "http"
        assert "forwarded" not in got
        assert "evil.example" not in got.values()


def test_while_nothing_serves_the_answer_is_json(impatient: httpx.Client) -> None:
    response = impatient.get("/")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json() == {"detail": "Service temporarily unavailable."}
    hold_nothing_for_a_browser(response)


@pytest.mark.usefixtures("both")
def test_what_realtime_answers_is_nothing_to_a_browser(edge: httpx.Client) -> None:
    hold_nothing_for_a_browser(edge.get("/ws/global/"))


def hold_nothing_for_a_browser(response: httpx.Response) -> None:
    assert response.headers["content-security-policy"] == DATA_POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


def test_a_dead_process_is_passed_over(edge: httpx.Client, sockets: Path) -> None:
    with standing_in(sockets / "web2.sock"):
        answers = [edge.post("/", json={}).json()["who"] for _ in range(5)]
    assert answers == ["web2"] * 5


def test_a_request_waits_for_a_process_that_is_being_started(edge: httpx.Client, sockets: Path) -> None:
    answers: list[int] = []
    asking = Thread(target=lambda: answers.append(edge.post("/", json={}).status_code))
    asking.start()
    asking.join(0.5)
    assert asking.is_alive()
    with standing_in(sockets / "web1.sock"):
        asking.join(10)
    assert answers == [200]


def test_no_token_is_logged(impatient: httpx.Client, log: Path) -> None:
    headers = {"Authorization": "Bearer s3cret", "Cookie": "sessionid=s3cret"}
    assert impatient.get("/ws/global/?token=s3cret", headers=headers).status_code == 503
    assert "s3cret" not in log.read_text()


@pytest.mark.usefixtures("both")
def test_the_software_behind_is_not_named(edge: httpx.Client) -> None:
    response = edge.get("/")
    assert "server" not in response.headers
    assert "via" not in response.headers
