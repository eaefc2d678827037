"""The product's realtime process as the Procfile runs it, on a database and a bus of its own."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.stage import Stage
from local.procfile import parse
from local.server import free_port


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
        command = parse(Path("Procfile").read_text())["realtime"]
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
