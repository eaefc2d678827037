"""The edge as production runs it, before stand-ins for web and realtime that tell what they got."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from threading import Thread

import httpx
import orjson

from local.server import free_port
from tests.local.running import ROOT, until

FILE_BYTES = 25_000_000
files_sent: list[str] = []
"""A line for each file that a stand-in is done with."""


class QuietServer(ThreadingUnixStreamServer):
    """A request that the edge cuts off is nothing to report."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Teller(BaseHTTPRequestHandler):
    """Answers every request with what it was."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/file/":
            self._send_file()
            return
        size = self._read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = orjson.dumps({"path": self.path, "headers": headers, "size": size, "who": self.who()})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the base class looks for this name

    def _send_file(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(FILE_BYTES))
        self.end_headers()
        self.wfile.write(bytes(FILE_BYTES))
        files_sent.append(self.path)

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


@contextmanager
def running(sockets: Path, **variables: str) -> Iterator[httpx.Client]:
    """The edge with these variables; what it logs is in edge.log."""
    port = free_port()
    env = {
        **os.environ,
        **variables,
        "PORT": str(port),
        "WEB_UPSTREAMS": f"unix/{sockets}/web1.sock unix/{sockets}/web2.sock",
        "REALTIME_UPSTREAMS": f"unix/{sockets}/realtime.sock",
        "XDG_DATA_HOME": str(sockets),
        "XDG_CONFIG_HOME": str(sockets),
    }
    caddy = str(Path(sys.executable).parent / "caddy")
    log = sockets / "edge.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [caddy, "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
            cwd=ROOT,
            env=env,
            stderr=output,
            start_new_session=True,
        )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        until(lambda: _listens(client), why=log.read_text())
        yield client
    process.terminate()
    assert process.wait(30) == 0


def _listens(client: httpx.Client) -> bool:
    try:
        client.get("/", timeout=0.2)
    except httpx.ConnectError:
        return False
    except httpx.TimeoutException:
        return True
    return True
