"""Real realtime processes, and clients as phones are."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote
from urllib.request import urlopen

from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from core.accounts.models import User
from local.server import free_port
from tests.cast import tokens_of

PATIENCE = 30.0
"""Seconds until what a test waits for counts as never happening."""

FLAGS = (
    *("--ws", "realtime.protocol:Connection", "--ws-max-size", "65536"),
    *("--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "10"),
    *("--no-proxy-headers", "--no-access-log", "--log-level", "info"),
)


STARTING = 4 * PATIENCE
"""The same for a process that has to begin from nothing."""


def eventually(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true answer of a question asked again and again."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := holds():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


class Realtime:
    """One realtime process on the test's database and bus."""

    def __init__(self, log: Path, **variables: str) -> None:
        self.port = free_port()
        self.log = log
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "settings.test",
            "DATABASE_URL": _database_url(),
            "DATABASE_POOL": "4",
            "REDIS_URL": settings.REDIS_URL,
            "THROTTLES": "off",
            **variables,
        }
        command = ["uvicorn", "realtime.asgi:application", "--port", str(self.port), *FLAGS]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
            )

    def wait_until_listening(self) -> "Realtime":
        eventually(self.is_listening, f"listening: {self.log.read_text()}", STARTING)
        return self

    def is_listening(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/live/", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def client(self, user: User | None = None, *, token: str | None = None) -> "Phone":
        """A connected socket of a user, or with any token."""
        if user is not None:
            token = tokens_of(user).access
        return Phone(f"ws://127.0.0.1:{self.port}/ws/global/?token={token or ''}")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)


class Phone:
    """A client: what it has received, in order, and what it waits for."""

    def __init__(self, url: str, **headers: str) -> None:
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(url, additional_headers=headers, compression=None, max_size=None, open_timeout=PATIENCE)
        )
        self.frames: list[dict[str, Any]] = []
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def ask(self, **frame: Any) -> dict[str, Any]:
        """Send a frame; the next reply: not an event of somebody else's doing."""
        self.send(**frame)
        return self.wait(lambda got: "event_id" not in got)

    def wait(self, wanted: str | Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next frame of a type, or that meets a condition; those before it are passed over."""
        meets = wanted if callable(wanted) else (lambda frame: frame.get("type") == wanted)
        deadline = time.monotonic() + PATIENCE
        while True:
            for frame in self._fresh():
                if meets(frame):
                    return frame
            self._receive(deadline - time.monotonic())

    def wait_for_event(self, kind: str) -> dict[str, Any]:
        """What the next event of a type says; every event has an id."""
        event = dict(self.wait(kind))
        assert event.pop("event_id")
        assert event.pop("type") == kind
        return event

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a type so far, up to the answer to a frame sent now."""
        self.send(type="leave_room", room_id="00000000-0000-0000-0000-000000000000")
        self.wait(lambda frame: frame.get("error") == "You are not in this room")
        return [frame for frame in self.frames if frame.get("type") == kind]

    def close_code(self) -> int | None:
        """The code the server closes with; None without a close frame."""
        try:
            while True:
                self.frames.append(json.loads(self.socket.recv(timeout=PATIENCE)))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def _fresh(self) -> Iterator[dict[str, Any]]:
        while self._read < len(self.frames):
            self._read += 1
            yield self.frames[self._read - 1]

    def _receive(self, seconds: float) -> None:
        try:
            self.frames.append(json.loads(self.socket.recv(timeout=max(seconds, 0.001))))
        except TimeoutError:
            raise AssertionError(f"never came; the last received: {self.frames[-5:]}") from None


def _database_url() -> str:
    database = connection.settings_dict
    host, port = quote(str(database["HOST"]), safe=""), database["PORT"]
    return f"postgres://{database['USER']}@{host}:{port}/{database['NAME']}"
