"""`make manage`: one management command, against the databases of VAR_DIR or those the variables name.

Beside a running product it uses that one's servers; otherwise it starts them for the command.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local import guard
from local.checks import check_servers
from local.config import RunConfig
from local.environment import shared_environment
from local.errors import LocalRunError
from local.server import running
from local.servers import embedded, urls
from local.var_dir import VarDir

_PATIENCE = 60.0


def main() -> int:
    """The exit status of the command, or 1 when it could not be run."""
    try:
        config = RunConfig.read(os.environ, Path.cwd())
        check_servers(config.given)
        var = VarDir(config.var_dir)
        var.prepare()
        with _servers(config, var) as found:
            return _manage(config, var, found, sys.argv[1:])
    except LocalRunError as error:
        print(f"make manage: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@contextmanager
def _servers(config: RunConfig, var: VarDir) -> Iterator[dict[str, str]]:
    """The addresses to use: a running product's, or those of servers started for this block."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with var.locked() as ours:
            if ours:
                with _started(config, var) as found:
                    yield found
                return
            if announced := var.announced_servers():
                yield announced | dict(config.given)
                return
        if time.monotonic() > deadline:
            raise LocalRunError(f"VAR_DIR is in use by pid {var.owner()}, whose servers aren't up: stop that")
        time.sleep(0.2)


@contextmanager
def _started(config: RunConfig, var: VarDir) -> Iterator[dict[str, str]]:
    guard.sweep(str(var.root), data=var.postgres)
    var.clear()
    fresh = not var.postgres.exists()
    env = {**os.environ, guard.MARK: str(var.root)}
    with ExitStack() as stack:
        servers = embedded(config, var, stack.enter_context(var.guarded()))
        for server in servers:
            stack.enter_context(running(server, log=var.logs / f"{server.name}.log", env=env))
        found = urls(servers, config)
        if fresh and "DATABASE_URL" not in config.given and _manage(config, var, found, ["migrate", "-v0"]):
            raise LocalRunError("the new database could not be migrated: see above")
        yield found


def _manage(config: RunConfig, var: VarDir, found: dict[str, str], arguments: list[str]) -> int:
    """Run it on this terminal; Ctrl-C is the command's to answer."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=config.project,
            env=shared_environment(config, var, found),
            check=False,
            # A child inherits what its parent ignores.
            preexec_fn=lambda: signal.signal(signal.SIGINT, before),
        ).returncode
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
