"""Real servers for the tests: a PostgreSQL and a Valkey for each process that runs tests.

Loaded by `-p local.pytest_servers`. Neither can be shared: transactions of every database count in
what a snapshot of PostgreSQL sees, and Valkey's pub/sub isn't scoped by database.
"""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local import guard
from local.postgres import UNSAFE_BUT_FAST, Postgres
from local.server import Server, running, short_directory
from local.valkey import Valkey


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper, because pytest-django reads the settings in the first plain implementation."""
    if _is_worker() or not getattr(early_config.known_args_namespace, "numprocesses", None):
        servers = ExitStack()
        early_config.add_cleanup(servers.close)
        folder = _start_run(servers)
        postgres = Postgres(folder / "postgres", sockets=folder / "postgres-socket", options=UNSAFE_BUT_FAST)
        os.environ["DATABASE_URL"] = _start(postgres, servers, folder)
        if beyond := [path for path in postgres.opened if folder not in (path, *path.parents)]:
            print(f"o+x set on {', '.join(map(str, beyond))}: PostgreSQL runs as nobody", file=sys.stderr)
        url = _start(Valkey(), servers, folder)
        os.environ.update(REDIS_URL=url, BROKER_URL=url)
    return (yield)


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _start_run(servers: ExitStack) -> Path:
    """A directory for all that this process and its servers write, swept even after a kill -9."""
    folder = short_directory("ma-test-", "postgres-socket/.s.PGSQL.5432")
    watch = guard.start(str(folder), data=folder / "postgres", remove=[folder])
    servers.callback(guard.release, watch)
    os.environ[guard.MARK] = str(folder)
    os.environ["VAR_DIR"] = str(folder / "var")
    return folder


def _start(server: Server, servers: ExitStack, folder: Path) -> str:
    server.stop_signal = signal.SIGQUIT  # nobody reads the data again: no checkpoint
    return servers.enter_context(running(server, log=folder / f"{server.name}.log", env=dict(os.environ))).url
