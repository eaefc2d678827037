"""Keeps processes running: starts, watches, restarts, gives up, stops in order."""

import asyncio
from collections import deque
from collections.abc import Collection
from pathlib import Path

from local.child import Child, Spec
from local.console import Console
from local.errors import LocalRunError
from local.probes import Health

DEATHS_TO_GIVE_UP = 5
DEATHS_WINDOW = 60.0
HUNG_AFTER = 60.0
_PROBE_INTERVAL = 0.5
_RESTART_DELAY = 0.2

_WAVE = {"edge": 0, "valkey": 2, "postgres": 2}
_WAVE_OF_OTHERS = 1
_WAVE_SECONDS = (3.0, 8.5, 2.5)
"""Who is asked to stop together, and how long they have: 14 s in all, when nobody listens."""


class Supervisor:
    """The processes of one run. `failed` is set, and `owner` cancelled, when one keeps dying."""

    def __init__(self, console: Console, ready_file: Path) -> None:
        self.console = console
        self.ready_file = ready_file
        self.specs: list[Spec] = []
        self.children: dict[str, Child] = {}
        self.failed: LocalRunError | None = None
        self.ready = asyncio.Event()
        self._owner = asyncio.current_task()
        self._stopping = asyncio.Event()
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._silent_since: dict[str, float] = {}

    def start(self, spec: Spec) -> None:
        """Start the process, and again whenever it dies."""
        self.specs.append(spec)
        self._keepers[spec.label] = asyncio.create_task(self._guarded_keep(spec))

    async def wait_until_serving(self, labels: Collection[str]) -> None:
        """Return once the named processes serve."""
        while await self.not_serving(labels):  # noqa: ASYNC110 - polls other processes
            await asyncio.sleep(0.05)

    async def not_serving(self, labels: Collection[str] | None = None) -> list[str]:
        """The labels (of these, or of all) whose process doesn't serve now."""
        seen = await self._look()
        return [
            label
            for label, health in seen.items()
            if health is not Health.SERVES and (labels is None or label in labels)
        ]

    async def watch(self) -> None:
        """Keep READY_FILE exactly while every process serves, and end those that hang; for ever."""
        while True:
            before = dict(self.children)
            seen = await self._look()
            if set(seen.values()) != {Health.SERVES} or self.children != before:
                self._withdraw_ready()
            elif not self.ready.is_set():
                self.ready_file.touch()
                self.ready.set()
            self._end_hung({label for label, health in seen.items() if health is Health.SILENT})
            await asyncio.sleep(_PROBE_INTERVAL)

    async def stop(self) -> None:
        """Stop everything in order, within the 15 s that a run has for it."""
        self._stopping.set()
        self._withdraw_ready()
        for wave, seconds in enumerate(_WAVE_SECONDS):
            await self._stop_wave([spec.label for spec in self.specs if _wave(spec) == wave], seconds)

    def release_owner(self) -> None:
        """Cancel the task that made this, unless it is stopping already."""
        if self._owner and not self._stopping.is_set():
            self._owner.cancel()

    def kill_all(self) -> None:
        """The second Ctrl-C: no more asking."""
        for child in self.children.values():
            child.kill()

    async def _stop_wave(self, labels: Collection[str], seconds: float) -> None:
        keepers = [self._keepers[label] for label in labels]
        if not keepers:
            return
        for label in labels:
            if label in self.children:
                self.children[label].ask_to_stop()
        _, late = await asyncio.wait(keepers, timeout=seconds)
        for label in labels:
            if self._keepers[label] in late and label in self.children:
                self.console.say(f"{label} did not stop in {seconds:g} s: killed")
                self.children[label].kill()
        if late:
            await asyncio.wait(late, timeout=1)

    async def _guarded_keep(self, spec: Spec) -> None:
        try:
            await self._keep(spec)
        except (LocalRunError, OSError) as error:
            self._give_up(LocalRunError(f"{spec.label}: {error}"))

    async def _keep(self, spec: Spec) -> None:
        deaths: deque[float] = deque(maxlen=DEATHS_TO_GIVE_UP)
        clock = asyncio.get_running_loop().time
        while not self._stopping.is_set():
            child = await Child.start(spec, self.console)
            self.children[spec.label] = child
            if self._stopping.is_set():  # it was being started when all were asked
                child.ask_to_stop()
            ending = await child.wait()
            self._gone(spec)
            if self._stopping.is_set():
                return
            deaths.append(clock())
            if len(deaths) == DEATHS_TO_GIVE_UP and deaths[-1] - deaths[0] < DEATHS_WINDOW:
                raise LocalRunError(
                    f"died {DEATHS_TO_GIVE_UP} times within a minute, so the run stops. Its last output:\n"
                    + "\n".join(child.output.last)
                )
            self.console.say(f"{spec.label} died ({ending}): started again")
            await self._pause(_RESTART_DELAY * len(deaths))

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _look(self) -> dict[str, Health]:
        seen = await asyncio.gather(*(self._health(spec) for spec in self.specs))
        return {spec.label: health for spec, health in zip(self.specs, seen, strict=True)}

    async def _health(self, spec: Spec) -> Health:
        child = self.children.get(spec.label)
        if child is None:
            return Health.SILENT
        health = await spec.probe()
        child.has_served = child.has_served or health is Health.SERVES
        return health if child.alive else Health.SILENT

    def _gone(self, spec: Spec) -> None:
        del self.children[spec.label]
        self._silent_since.pop(spec.label, None)
        self._withdraw_ready()

    def _withdraw_ready(self) -> None:
        self.ready.clear()
        self.ready_file.unlink(missing_ok=True)

    def _end_hung(self, silent: Collection[str]) -> None:
        """Kill what served and now says nothing; what is still starting, and servers, have time."""
        now = asyncio.get_running_loop().time()
        for spec in self.specs:
            child = self.children.get(spec.label)
            if child is None or spec.label not in silent or not child.has_served or _is_server(spec):
                self._silent_since.pop(spec.label, None)
            elif now - self._silent_since.setdefault(spec.label, now) > HUNG_AFTER:
                self.console.say(f"{spec.label} has not answered for {HUNG_AFTER:.0f} s: killed")
                child.kill()

    def _give_up(self, error: LocalRunError) -> None:
        self.failed = self.failed or error
        self.release_owner()


def _wave(spec: Spec) -> int:
    return _WAVE.get(spec.name, _WAVE_OF_OTHERS)


def _is_server(spec: Spec) -> bool:
    return _wave(spec) == len(_WAVE_SECONDS) - 1
