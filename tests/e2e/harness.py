"""The whole product, started as `make run` does, for tests that walk through its front door."""

import json
import os
import re
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.e2e.mail import Mail, MailServer
from tests.local.running import ROOT, LocalRun, until


class Product(LocalRun):
    """A run with databases, ports and a mail server of its own, up inside a `with` block.

    Keywords are environment variables: `Product(WORKER_PROCESSES="2", THROTTLES="off")`.
    """

    def __init__(self, **variables: str) -> None:
        folder = Path(tempfile.mkdtemp(prefix="product-", dir=Path(os.environ["VAR_DIR"]).parent))
        self.mail_server = MailServer()
        super().__init__(ROOT, folder, EMAIL_URL=self.mail_server.url, **variables)

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://localhost:{self.port}/ws/global/"

    @property
    def flower_url(self) -> str:
        return f"http://127.0.0.1:{self.flower_port}"

    @property
    def flower_auth(self) -> tuple[str, str]:
        """The user and password that the table on start prints."""
        found = re.search(r"Flower .* user (\S+) +password (\S+)", self.output)
        assert found is not None, self.output
        return found[1], found[2]

    def __enter__(self) -> Self:
        self.mail_server.__enter__()
        self.start()
        self.until_ready()
        self.until_printed("Ctrl-C stops")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.supervisor.poll() is None:
                self.stop()
        finally:
            self.kill_supervisor()
            self.mail_server.__exit__(kind, error, trace)

    def pids(self) -> dict[str, int]:
        """Every process of the run by its label (web, or web.1 and web.2)."""
        return {path.stem: int(path.read_text()) for path in (self.var / "run").glob("*.pid")}

    def kill(self, label: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to one process; returns the pid that it had."""
        pid = self.pid(label)
        os.kill(pid, number)
        return pid

    def restart(self, label: str) -> None:
        """kill -9 one process, and wait until the whole product serves again."""
        self.until_restarted(label, self.kill(label))

    def kill_family(self, label: str) -> int:
        """kill -9 a process and its children at once; returns the pid that it had."""
        pid, family = self.pid(label), self._family(label)
        for process in family:
            process.kill()
        return pid

    def freeze(self, label: str) -> None:
        """Stop a process and its children in their tracks: they hold what they hold, and answer nothing."""
        for process in self._family(label):
            process.suspend()

    def thaw(self, label: str) -> None:
        """Let a frozen process go on."""
        for process in self._family(label):
            process.resume()

    def servers(self) -> dict[str, str]:
        """DATABASE_URL, REDIS_URL and BROKER_URL of the run, to look behind the scenes."""
        return dict(json.loads((self.var / "run" / "servers.json").read_text()))

    def log(self, label: str) -> str:
        """What a process has printed."""
        return (self.var / "logs" / f"{label}.log").read_text()

    def mails(self, to: str | None = None) -> list[Mail]:
        """What has been delivered so far, to anybody or to one address."""
        return self.mail_server.mails(to)

    def next_mail(self, to: str, *, after: int = 0, seconds: float = 30) -> Mail:
        """Wait for the mail to `to` that follows the first `after`."""
        until(lambda: len(self.mails(to)) > after, seconds=seconds, why=f"a mail to {to}")
        return self.mails(to)[after]

    def _family(self, label: str) -> list[psutil.Process]:
        process = psutil.Process(self.pid(label))
        return [process, *process.children(recursive=True)]
