"""What an embedded server offers to those who run it: the supervisor, `make manage`, the tests."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from random import SystemRandom
from typing import Protocol

from local.errors import LocalRunError
from local.permissions import Account

SOCKET_PATH_LIMIT = 100
"""sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included."""


class Server(Protocol):
    """One embedded server: prepared once, then run as a foreground child."""

    name: str
    account: Account | None
    stop_signal: signal.Signals

    @property
    def where(self) -> str:
        """The address as people read it."""

    @property
    def url(self) -> str:
        """The address for the environment of those who use it."""

    def prepare(self) -> None:
        """Make the data directory ready; raises LocalRunError."""

    def command(self) -> list[str]:
        """The argv that runs it in the foreground."""

    def accepts(self) -> bool:
        """Whether it answers now."""


def short_directory(prefix: str, longest_name: str) -> Path:
    """A new private directory in which a socket named `longest_name` can be bound."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if fits_socket(folder / longest_name):
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))


def fits_socket(path: Path) -> bool:
    """Whether a unix socket can be bound at `path`."""
    return len(os.fsencode(path)) <= SOCKET_PATH_LIMIT


def free_port() -> int:
    """A loopback port that nobody listens on now, and that no outgoing connection takes meanwhile."""
    return next(filter(_is_free, _ports))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _listening_ports() -> Iterator[int]:
    """Below those that systems give to outgoing connections; each process has its own place to begin."""
    ports = range(20_000, 32_768)
    start = SystemRandom().randrange(len(ports))
    return cycle((*ports[start:], *ports[:start]))


_ports = _listening_ports()


def launch(server: Server, *, log: Path, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the prepared server in a session of its own, so that Ctrl-C reaches only its owner."""
    account = server.account
    with log.open("ab") as output:
        return subprocess.Popen(
            server.command(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def wait_until_accepts(server: Server, process: "subprocess.Popen[bytes]", *, log: Path) -> None:
    """Return once the server answers; LocalRunError with its last words if it never does."""
    deadline = time.monotonic() + 60
    while not server.accepts():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace").strip().splitlines()[-5:]
            raise LocalRunError(f"{server.name} did not start: {' | '.join(tail) or 'no output'} (see {log})")
        time.sleep(0.02)


def stop(server: Server, process: "subprocess.Popen[bytes]", *, grace: float = 10) -> None:
    """Ask the server to stop, and insist after `grace` seconds."""
    if process.poll() is None:
        process.send_signal(server.stop_signal)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running(server: Server, *, log: Path, env: Mapping[str, str]) -> Iterator[Server]:
    """The server, prepared and accepting connections inside the block, stopped after it."""
    server.prepare()
    process = launch(server, log=log, env=env)
    try:
        wait_until_accepts(server, process, log=log)
        yield server
    finally:
        stop(server, process)
