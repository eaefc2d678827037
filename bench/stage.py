"""Where a benchmark takes place: a folder, servers and an environment of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import django

from local.postgres import Postgres
from local.server import running
from local.valkey import Valkey

_BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder, and the environment of each process of the run."""

    folder: Path
    env: dict[str, str]

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        return self.env["REDIS_URL"]

    def on(self, **variables: str) -> "Stage":
        """The same with other variables."""
        return Stage(self.folder, self.env | variables)

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def migrate(self) -> None:
        self.manage("migrate", "--skip-checks", "-v0")

    def shell(self, code: str) -> str:
        """What Python code of the product's prints."""
        return self.manage("shell", "-v0", "-c", code)

    def enter(self) -> None:
        """Set Django up in this process too, once."""
        os.environ.update(self.env)
        django.setup()


def set_stage(
    stack: ExitStack,
    *,
    kept: Path | None = None,
    options: Mapping[str, str] | None = None,
    has_lasting_bus: bool = False,
    **variables: str,
) -> Stage:
    """PostgreSQL with these options, migrated, and Valkey until the stack ends; the folder may be kept."""
    folder = kept or _temporary(stack)
    env = {
        **os.environ,
        "PATH": f"{_BIN}:{os.environ['PATH']}",
        "VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "settings.local",
        "ACCESS_TOKEN_LIFETIME": "86400",
        "THROTTLES": "off",
        "LOG_LEVEL": "ERROR",
        **variables,
    }
    postgres = Postgres(folder / "pg", sockets=folder / "s", options=options)
    valkey = Valkey(data=folder / "valkey" if has_lasting_bus else None)
    for server in (postgres, valkey):
        stack.enter_context(running(server, log=folder / f"{server.name}.log", env=env))
    urls = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "BROKER_URL": valkey.url}
    stage = Stage(folder, env | urls)
    stage.migrate()
    return stage


def _temporary(stack: ExitStack) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ma-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def child(command: Sequence[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process for this block: asked to end after it, and killed with all of its own if it is slow to."""
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
