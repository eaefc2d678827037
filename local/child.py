"""One supervised process: started in a session of its own, its pid on disk, its group killed with it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.console import Console, Output
from local.permissions import Account
from local.probes import Probe


@dataclass(frozen=True)
class Spec:
    """How to run a process, and how to see that it serves."""

    name: str
    label: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    pidfile: Path
    probe: Probe
    where: str = ""
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    before: Callable[[], None] | None = None


class Child:
    """A running process of a Spec."""

    def __init__(self, spec: Spec, process: asyncio.subprocess.Process, output: Output) -> None:
        self.spec = spec
        self.process = process
        self.output = output
        self.has_served = False

    @classmethod
    async def start(cls, spec: Spec, console: Console) -> "Child":
        """Run it; its pid is in its pidfile before anybody can see it serve."""
        if spec.before:
            spec.before()
        account = spec.account
        output = Output(spec.label, console)
        writing = await output.attach()
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.argv,
                env=spec.env,
                cwd=spec.cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        finally:
            os.close(writing)
        spec.pidfile.write_text(f"{process.pid}\n")
        return cls(spec, process, output)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def wait(self) -> str:
        """How it ended; what was left of its group is killed (orphans would hold its sockets)."""
        code = await self.process.wait()
        self.kill()
        self.spec.pidfile.unlink(missing_ok=True)
        await self.output.drain()
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def ask_to_stop(self) -> None:
        """Send the polite signal to the process itself: it knows how to end its children."""
        if self.alive:
            self.process.send_signal(self.spec.stop_signal)

    def kill(self) -> None:
        """End the whole group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
