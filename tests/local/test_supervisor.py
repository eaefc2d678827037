"""What the supervisor does about a process that lives but says nothing."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from local import supervisor as supervising
from local.child import Spec
from local.console import Console
from local.probes import Health, Probe
from local.supervisor import Supervisor


@pytest.mark.parametrize(
    ("health", "survives"), [(Health.SILENT, False), (Health.UNWELL, True), (Health.SERVES, True)]
)
def test_only_a_silent_process_is_killed(
    monkeypatch: pytest.MonkeyPatch, folder: Path, health: Health, survives: bool
) -> None:
    monkeypatch.setattr(supervising, "HUNG_AFTER", 0.3)
    monkeypatch.setattr(supervising, "_PROBE_INTERVAL", 0.05)

    async def probe() -> Health:
        return health

    async def run() -> bool:
        supervisor = Supervisor(Console(folder), folder / "ready")
        supervisor.start(_sleeper(folder, probe))
        watching = asyncio.create_task(supervisor.watch())
        while not supervisor.children:
            await asyncio.sleep(0.01)
        first = supervisor.children["one"]
        gone = asyncio.create_task(first.process.wait())
        await asyncio.wait({gone}, timeout=1)
        alive = first.alive
        assert (folder / "ready").exists() is (health is Health.SERVES)
        watching.cancel()
        await supervisor.stop()
        return alive

    assert asyncio.run(run()) is survives


def _sleeper(folder: Path, probe: Probe) -> Spec:
    return Spec(
        name="one",
        label="one",
        argv=[sys.executable, "-c", "import time; time.sleep(60)"],
        env=os.environ,
        cwd=folder,
        pidfile=folder / "one.pid",
        probe=probe,
    )
