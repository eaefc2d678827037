"""The edge as production runs it, before stand-ins for web and realtime that tell what they got."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from threading import Thread

import httpx
import orjson
import pytest

from local.server import free_port
from tests.local.running import ROOT, until
from web.security import DATA_POLICY


class QuietServer(ThreadingUnixStreamServer):
    """A request that the edge cuts off is nothing to report."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Teller(BaseHTTPRequestHandler):
    """Answers every request with what it was."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        size = self._read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = orjson.dumps({"path": self.path, "headers": headers, "size": size, "who": self.who()})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the base class looks for this name

    def _read_body(self) -> int:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        size = 0
        while length := int(self.rfile.readline(), 16):
            size += len(self.rfile.read(length + 2)) - 2
        self.rfile.readline()
        return size

    def who(self) -> str:
        return Path(str(self.server.server_address)).stem

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def standing_in(path: Path) -> Iterator[None]:
    with QuietServer(str(path), Teller) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield
        server.shutdown()
        thread.join()
    path.unlink()


@pytest.fixture
def sockets() -> Path:
    return Path(tempfile.mkdtemp(dir=Path(os.environ["VAR_DIR"]).parent))


@pytest.fixture
def log(sockets: Path) -> Path:
    return sockets / "edge.log"


@pytest.fixture
def edge(sockets: Path, log: Path) -> Iterator[httpx.Client]:
    port = free_port()
    env = {
        **os.environ,
        "PORT": str(port),
        "WEB_UPSTREAMS": f"unix/{sockets}/web1.sock unix/{sockets}/web2.sock",
        "REALTIME_UPSTREAMS": f"unix/{sockets}/realtime.sock",
        "XDG_DATA_HOME": str(sockets),
        "XDG_CONFIG_HOME": str(sockets),
    }
    caddy = str(Path(sys.executable).parent / "caddy")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [caddy, "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
            cwd=ROOT,
            env=env,
            stderr=output,
            start_new_session=True,
        )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        until(lambda: _listens(client), why=log.read_text())
        yield client
    process.terminate()
    assert process.wait(10) == 0


def _listens(client: httpx.Client) -> bool:
    try:
        client.get("/", timeout=0.2)
    except httpx.ConnectError:
        return False
    except httpx.TimeoutException:
        return True
    return True


@pytest.fixture
def both(sockets: Path) -> Iterator[None]:
    with standing_in(sockets / "web1.sock"), standing_in(sockets / "realtime.sock"):
        yield


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


@pytest.mark.usefixtures("both")
def test_a_body_within_the_limit_arrives_whole(edge: httpx.Client) -> None:
    def in_pieces() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 100_000

    answer = edge.post("/", content=in_pieces(), headers={"Content-Type": "application/json"}).json()
    assert answer["size"] == 1_000_000
    assert edge.post("/", files={"file": b"x" * 30_000_000}).json()["size"] > 30_000_000


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("content_type", "megabytes"),
    [("application/json", 3), ("", 3), ("multipart/form-data; boundary=b", 111)],
)
def test_a_body_over_the_limit_is_refused_in_json(
    edge: httpx.Client, content_type: str, megabytes: int
) -> None:
    body = b"x" * (megabytes * 1_000_000)
    response = edge.post("/", content=body, headers={"Content-Type": content_type})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"detail": "Request body too large."}


@pytest.mark.usefixtures("both")
def test_the_rest_of_a_refused_body_is_no_further_request(edge: httpx.Client) -> None:
    inner = b"GET /inner/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    body = inner * (3_000_000 // len(inner))
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection((edge.base_url.host, edge.base_url.port or 80), timeout=10) as peer:
        with suppress(ConnectionError):
            peer.sendall(head + body)
        answers = b""
        with suppress(ConnectionError):
            while data := peer.recv(65536):
                answers += data
    assert answers.count(b"HTTP/1.1 413") == answers.count(b"HTTP/1.1") == 1


def test_while_nothing_serves_the_answer_is_json(edge: httpx.Client) -> None:
    response = edge.get("/")
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


def test_no_token_is_logged(edge: httpx.Client, log: Path) -> None:
    headers = {"Authorization": "Bearer s3cret", "Cookie": "sessionid=s3cret"}
    assert edge.get("/ws/global/?token=s3cret", headers=headers).status_code == 503
    assert "s3cret" not in log.read_text()


@pytest.mark.usefixtures("both")
def test_the_software_behind_is_not_named(edge: httpx.Client) -> None:
    response = edge.get("/")
    assert "server" not in response.headers
    assert "via" not in response.headers
