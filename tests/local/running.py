"""`make run` as a child process of the tests: what it prints, its pids, its end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

import psutil

from local.guard import marked
from local.server import free_port

ROOT = Path(__file__).parents[2]

_OURS = {
    "DATABASE_URL", "REDIS_URL", "BROKER_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE",
    "READY_FILE", "HEARTBEAT_FILE", "EMAIL_URL", "SECRET_KEY", "THROTTLES",
}  # fmt: skip
"""What the tests' own environment says must not reach a run."""


def until(holds: Callable[[], object], *, seconds: float = 30, why: str = "") -> None:
    """Wait for a condition; fails the test when it doesn't come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"did not happen in {seconds} s: {why}"
        time.sleep(0.05)


class LocalRun:
    """A run of the project in `folder`, which writes under `var`."""

    def __init__(self, folder: Path, var: Path, **variables: str) -> None:
        self.folder = folder
        self.var = var
        self.port, self.flower_port = free_port(), free_port()
        self.variables = variables
        self.output = ""
        self.command = [sys.executable, "-m", "local.run"]
        self.process: subprocess.Popen[str] | None = None

    def start(self, **variables: str) -> None:
        """Start it in a session of its own, as a terminal would."""
        self.output = ""
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self._environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def supervisor(self) -> "subprocess.Popen[str]":
        assert self.process is not None, "not started"
        return self.process

    def run_to_end(self, **variables: str) -> tuple[int, str]:
        """The exit status and everything printed, of a run that ends by itself."""
        self.start(**variables)
        return self.wait(), self.output

    def wait(self, seconds: float = 30) -> int:
        status = self.supervisor.wait(seconds)
        self._reader.join(5)
        return status

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask as Ctrl-C or a service manager would."""
        self.supervisor.send_signal(number)
        return self.wait()

    def kill_supervisor(self) -> None:
        """kill -9 of the supervisor; a run that has ended is left in peace."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def manage(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """`make manage`, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "local.manage", *arguments],
            cwd=self.folder,
            env=self._environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def pid(self, label: str) -> int:
        return int((self.var / "run" / f"{label}.pid").read_text())

    def is_ready(self) -> bool:
        return (self.var / "run" / "ready").exists()

    def until_ready(self, seconds: float = 120) -> None:
        until(lambda: self.is_ready() or self.supervisor.poll() is not None, seconds=seconds, why=self.output)
        assert self.is_ready(), self.output

    def until_restarted(self, label: str, old_pid: int) -> None:
        """Wait until another process has its place and the whole run serves again."""
        pidfile = self.var / "run" / f"{label}.pid"
        until(lambda: pidfile.exists() and self.pid(label) != old_pid, why=label)
        self.until_ready()

    def until_printed(self, pattern: str, seconds: float = 30) -> None:
        until(lambda: re.search(pattern, self.output), seconds=seconds, why=f"{pattern!r} in:\n{self.output}")

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to the run, wherever it hides."""
        return list(marked(str(self.var.resolve()), data=self.var.resolve() / "postgres"))

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name not in _OURS}
        own = {
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(self.var),
            "PORT": str(self.port),
            "FLOWER_PORT": str(self.flower_port),
        }
        return {**plain, **own, **self.variables, **variables}

    def _read(self) -> None:
        assert self.supervisor.stdout
        with self.supervisor.stdout as stdout:
            for line in stdout:
                self.output += line
