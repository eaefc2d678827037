"""A small project of its own folder, run for real by `python -m local.run`."""

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

MIGRATES = 'import sys; print("manage", *sys.argv[1:], flush=True)'


def until(holds: Callable[[], object], *, seconds: float = 30, why: str = "") -> None:
    """Wait for a condition; fails the test when it doesn't come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"did not happen in {seconds} s: {why}"
        time.sleep(0.05)


class Project:
    """A Procfile and a manage.py in `folder`; `start` makes it a run."""

    def __init__(self, folder: Path, procfile: str, *, manage: str = MIGRATES) -> None:
        self.folder = folder
        self.var = folder / "var"
        self.output = ""
        (folder / "Procfile").write_text(procfile)
        (folder / "manage.py").write_text(manage)
        self.port, self.flower_port = free_port(), free_port()

    def start(self, **variables: str) -> None:
        """Start the run in a session of its own, as a terminal would."""
        self.output = ""
        self._launch("local.run", variables)
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def run_to_end(self, **variables: str) -> tuple[int, str]:
        """The exit status and everything printed, of a run that ends by itself."""
        self.start(**variables)
        return self.wait(), self.output

    def wait(self, seconds: float = 30) -> int:
        status = self.process.wait(seconds)
        self._reader.join(5)
        return status

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask as Ctrl-C or a service manager would."""
        self.process.send_signal(number)
        return self.wait()

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

    def until_ready(self) -> None:
        until(lambda: self.is_ready() or self.process.poll() is not None, why=self.output)
        assert self.is_ready(), self.output

    def until_printed(self, pattern: str) -> None:
        until(lambda: re.search(pattern, self.output), why=f"{pattern!r} in:\n{self.output}")

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to the run, wherever it hides."""
        return list(marked(str(self.var.resolve()), data=self.var.resolve() / "postgres"))

    def kill(self) -> None:
        """kill -9 of the supervisor."""
        self.process.kill()
        self.process.wait()

    def _launch(self, module: str, variables: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=self.folder,
            env=self._environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        plain = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "BROKER_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE"}
        }
        ports = {"PORT": str(self.port), "FLOWER_PORT": str(self.flower_port)}
        return {**plain, "PYTHONPATH": str(ROOT), **ports, **variables}

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stdout:
            for line in stdout:
                self.output += line
