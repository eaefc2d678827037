"""What the supervisor does about a process that lives but says nothing."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from local import supervisor as supervising
from local.child import Spec
from local.console import Console
from local.probes import Health, Probe
from local.supervisor import Supervisor


@pytest.mark.parametrize(
    ("seen", "survives"),
    [
        ([Health.SERVES, Health.SILENT], False),
        ([Health.SILENT], True),
        ([Health.SERVES, Health.UNWELL], True),
        ([Health.SERVES], True),
    ],
    ids=["silent after it served", "still starting", "unwell", "serving"],
)
def test_only_a_process_that_fell_silent_is_killed(
    monkeypatch: pytest.MonkeyPatch, folder: Path, seen: Sequence[Health], survives: bool
) -> None:
    monkeypatch.setattr(supervising, "HUNG_AFTER", 0.2)
    monkeypatch.setattr(supervising, "_PROBE_INTERVAL", 0.02)
    looks = iter(seen)

    async def probe() -> Health:
        return next(looks, seen[-1])

    async def run() -> bool:
        supervisor = Supervisor(Console(folder), folder / "ready")
        supervisor.start(_sleeper(folder, probe))
        watching = asyncio.create_task(supervisor.watch())
        while not supervisor.children:
            await asyncio.sleep(0.01)
        first = supervisor.children["one"]
        await asyncio.wait({asyncio.create_task(first.process.wait())}, timeout=1 if survives else 30)
        alive = first.alive
        watching.cancel()
        await supervisor.stop()
        return alive

    assert asyncio.run(run()) is survives


def _sleeper(folder: Path, probe: Probe) -> Spec:
    return Spec(
        name="one",
        label="one",
        argv=[sys.executable, "-c", "import signal; signal.pause()"],
        env=os.environ,
        cwd=folder,
        pidfile=folder / "one.pid",
        probe=probe,
    )
