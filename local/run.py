"""`make run`: the whole product in the foreground, on embedded servers unless others are named."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from local import guard, probes
from local.checks import check_port, check_servers
from local.child import Child, Spec
from local.config import RunConfig
from local.console import Console
from local.environment import process_environment, shared_environment, spec_of, upstreams
from local.errors import LocalRunError
from local.parent import mind_make
from local.postgres import Postgres
from local.procfile import Instance, instances
from local.server import Server
from local.servers import embedded, urls
from local.supervisor import Supervisor
from local.table import table
from local.var_dir import VarDir

_PATIENCE = 20.0


def main() -> int:
    """The exit status of the run: 0 when it was asked to stop, 1 when something made it."""
    try:
        config = RunConfig.read(os.environ, Path.cwd())
        processes = instances(config.project / "Procfile", config.counts)
        var = VarDir(config.var_dir)
        var.prepare()
        with var.locked() as ours:
            if not ours:
                raise LocalRunError(
                    f"VAR_DIR {var.root} is in use by pid {var.owner()}: stop that, "
                    "or choose another with VAR_DIR=…"
                )
            return _run(config, var, processes)
    except LocalRunError as error:
        print(f"make run: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(config: RunConfig, var: VarDir, processes: list[Instance]) -> int:
    killed = guard.sweep(str(var.root), data=var.postgres)
    var.clear()
    if killed:
        print(f"{killed} processes of an earlier run were still there: killed", flush=True)
    check_port("PORT", config.port)
    check_port("FLOWER_PORT", config.flower_port)
    if config.port == config.flower_port:
        raise LocalRunError(f"PORT and FLOWER_PORT are both {config.port}: choose another for one of them")
    check_servers(config.given)
    with var.guarded() as sockets:
        return asyncio.run(Run(config, var, processes, sockets).main())


class Run:
    """One run, from the first server to the last."""

    def __init__(self, config: RunConfig, var: VarDir, processes: list[Instance], sockets: Path) -> None:
        self.config = config
        self.var = var
        self.processes = processes
        self._stop_asked = False
        self.sockets = sockets
        self.console = Console(
            var.logs, width=max(len(label) for label in ("postgres", *(p.label for p in processes)))
        )

    async def main(self) -> int:
        """Bring everything up, keep it up until told to stop, take it down."""
        self.supervisor = Supervisor(self.console, self.var.ready_file)
        self._listen_for_signals()
        minding = asyncio.create_task(mind_make(self.supervisor.release_owner))
        try:
            await self._serve()
        except asyncio.CancelledError:
            self.console.say("stopping ...")
        finally:
            minding.cancel()
            await self.supervisor.stop()
        if self.supervisor.failed:
            raise self.supervisor.failed
        self.console.say("stopped")
        return 0

    async def _serve(self) -> None:
        servers = embedded(self.config, self.var, self.sockets)
        shared = shared_environment(self.config, self.var, urls(servers, self.config))
        shared[guard.MARK] = str(self.var.root)
        await self._start_servers(servers, shared)
        await self._migrate(shared)
        self.var.announce_servers(urls(servers, self.config))
        env = process_environment(shared, self.var) | upstreams(self.processes, self.sockets)
        for instance in self.processes:
            self.supervisor.start(
                spec_of(instance, config=self.config, var=self.var, sockets=self.sockets, env=env)
            )
        announcing = asyncio.create_task(self._announce(env))
        try:
            await self.supervisor.watch()
        finally:
            announcing.cancel()

    async def _start_servers(self, servers: list[Server], env: Mapping[str, str]) -> None:
        for server in servers:
            self.supervisor.start(self._server_spec(server, env))
        await self.supervisor.wait_until_serving([server.name for server in servers])
        for server in servers:
            if isinstance(server, Postgres) and (note := server.note()):
                self.console.say(note)

    def _server_spec(self, server: Server, env: Mapping[str, str]) -> Spec:
        return Spec(
            name=server.name,
            label=server.name,
            argv=server.command(),
            env=env,
            cwd=self.config.project,
            pidfile=self.var.pidfile(server.name),
            probe=probes.accepts(server.accepts),
            where=server.where,
            account=server.account,
            stop_signal=server.stop_signal,
            before=server.prepare,
        )

    async def _migrate(self, env: Mapping[str, str]) -> None:
        """Also seeds the categories."""
        step = Spec(
            name="migrate",
            label="migrate",
            argv=[sys.executable, "manage.py", "migrate", "--noinput"],
            env=env,
            cwd=self.config.project,
            pidfile=self.var.pidfile("migrate"),
            probe=probes.always,
        )
        child = await Child.start(step, self.console)
        try:
            ending = await child.wait()
        except asyncio.CancelledError:
            child.kill()
            await child.wait()
            raise
        if ending != "exit code 0":
            log = self.var.logs / "migrate.log"
            raise LocalRunError(
                f"the migrations failed ({ending}): {_last_line(log)} (all of it is in {log})"
            )

    async def _announce(self, env: Mapping[str, str]) -> None:
        while not self.supervisor.ready.is_set():
            try:
                await asyncio.wait_for(self.supervisor.ready.wait(), _PATIENCE)
            except TimeoutError:
                late = await self.supervisor.not_serving()
                self.console.say(f"still waiting for {', '.join(late)}")
        self.console.plain(table(self.supervisor, self.config, self.var, env))

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup means: go on when the terminal goes away.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._asked_to_stop)

    def _asked_to_stop(self) -> None:
        if self._stop_asked:
            self.supervisor.kill_all()
        else:
            self._stop_asked = True
            self.supervisor.release_owner()


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ") if lines else "no output"


if __name__ == "__main__":
    sys.exit(main())
