"""VAR_DIR: everything a local run writes, and who uses it now."""

import fcntl
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local import guard
from local.errors import LocalRunError
from local.server import fits_socket, short_directory

_LONGEST_SOCKET = "postgres/.s.PGSQL.5432"
_SHORT_PREFIX = "my-accountant-"
_SAFE = re.compile(r"[A-Za-z0-9._/-]+")
"""Socket paths stand unquoted in the Procfile's variables and in the Caddyfile."""


class VarDir:
    """The folders and small files under VAR_DIR."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run = root / "run"
        self.logs = root / "logs"
        self.postgres = root / "postgres"
        self.valkey = root / "valkey"
        self.ready_file = self.run / "ready"

    def prepare(self) -> None:
        """Make the folders; LocalRunError when VAR_DIR can't be written."""
        try:
            for folder in (self.run, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise LocalRunError(
                f"VAR_DIR {self.root} can't be written ({error.strerror}): choose another with VAR_DIR=…"
            ) from error

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Whether VAR_DIR is ours inside the block: False while another run or command has it."""
        with (self.run / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield True

    def owner(self) -> str:
        """The pid that has, or last had, VAR_DIR."""
        return (self.run / "lock").read_text().strip()

    def clear(self) -> None:
        """Empty run/ of what a run left there, killed or done; only for the owner of the lock."""
        previous = self._recorded_sockets()
        if previous.name.startswith(_SHORT_PREFIX):
            shutil.rmtree(previous, ignore_errors=True)
        for entry in self.run.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()

    @contextmanager
    def guarded(self) -> Iterator[Path]:
        """Where the run's sockets lie; whatever ends the block, its processes end and run/ is emptied."""
        sockets = self._make_sockets()
        watch = guard.start(
            str(self.root), data=self.postgres, remove=[sockets] if sockets != self.run else []
        )
        try:
            yield sockets
        finally:
            guard.release(watch)
            self.clear()

    def _make_sockets(self) -> Path:
        """In run/, or in a short temporary folder when its path won't do."""
        if fits_socket(self.run / _LONGEST_SOCKET) and _SAFE.fullmatch(str(self.run)):
            return self.run
        folder = short_directory(_SHORT_PREFIX, _LONGEST_SOCKET)
        (self.run / "sockets").write_text(str(folder))
        return folder

    def pidfile(self, label: str) -> Path:
        """The file that holds the pid of the process called `label`."""
        return self.run / f"{label}.pid"

    def heartbeat(self, label: str) -> Path:
        """The file that the process called `label` touches while it works."""
        return self.run / f"{label}.heartbeat"

    def metrics_file(self, label: str) -> Path:
        """Where the process called `label` says on which port it serves metrics (Prometheus's file_sd)."""
        return self.run / f"{label}.metrics.json"

    def metrics(self, label: str) -> Path:
        """The folder in which the processes of `label` count together."""
        return self.run / f"{label}.metrics"

    def announce_servers(self, urls: Mapping[str, str]) -> None:
        """Tell `make manage` where the servers of this run are."""
        (self.run / "servers.json").write_text(json.dumps(dict(urls)))

    def announced_servers(self) -> dict[str, str] | None:
        """What the lock's owner announced; None as long as it hasn't."""
        try:
            return dict(json.loads((self.run / "servers.json").read_text()))
        except (OSError, ValueError):
            return None

    def secret_key(self) -> str:
        """A key kept for this VAR_DIR, so that tokens outlive a restart."""
        path = self.root / "secret_key"
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64))
            draft.rename(path)
        return path.read_text()

    def _recorded_sockets(self) -> Path:
        try:
            return Path((self.run / "sockets").read_text())
        except OSError:
            return self.run
