"""The product's realtime process as the Procfile runs it, on a database and a bus of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import django

from bench.wsgi import BIN
from local.postgres import Postgres
from local.server import free_port, running
from local.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a run takes place: a folder, a database and a bus."""

    folder: Path
    env: dict[str, str]

    @property
    def redis_url(self) -> str:
        return self.env["REDIS_URL"]


def set_stage(stack: ExitStack) -> Stage:
    """Start the servers, and set Django up for this process too."""
    folder = Path(tempfile.mkdtemp(prefix="ma-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    env = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", VAR_DIR=str(folder / "var"))
    env |= {"THROTTLES": "off", "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "settings.local"}
    env["ACCESS_TOKEN_LIFETIME"] = "86400"
    postgres = Postgres(folder / "pg", sockets=folder / "s", options={"jit": "off"})
    for server, name in ((postgres, "DATABASE_URL"), (Valkey(), "REDIS_URL")):
        env[name] = stack.enter_context(running(server, log=folder / f"{name}.log", env=env)).url
    os.environ.update(env)
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    call_command("migrate", verbosity=0)
    return Stage(folder, env)


@contextmanager
def serving(stage: Stage, *, port: int = 0) -> Iterator["Realtime"]:
    process = Realtime(stage, port or free_port())
    try:
        process.wait()
        yield process
    finally:
        process.stop()


class Realtime:
    """One realtime process."""

    def __init__(self, stage: Stage, port: int) -> None:
        self.port = port
        lines = Path("Procfile").read_text().splitlines()
        command = next(line for line in lines if line.startswith("realtime:")).partition(":")[2]
        env = stage.env | {"REALTIME_BIND": f"--host 127.0.0.1 --port {port}"}
        self.process = subprocess.Popen(["sh", "-c", f"exec {command}"], env=env)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/global/"

    @property
    def resident(self) -> int:
        """Bytes of memory."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def wait(self) -> None:
        await_health(f"http://127.0.0.1:{self.port}/health/live/")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def await_health(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SystemExit(f"nothing serves {url}")
