"""Minds the `make` above a run: it passes SIGTERM on, but neither its death nor a lone SIGINT."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

_INTERVAL = 0.5


async def mind_make(stop: Callable[[], None]) -> None:
    """Call `stop` once when the make that runs us dies or is interrupted; for ever otherwise."""
    if "MAKELEVEL" not in os.environ:
        return
    parent = os.getppid()
    handled_at_first = _handles_interrupt(parent)
    while os.getppid() == parent and _handles_interrupt(parent) == handled_at_first:  # noqa: ASYNC110
        await asyncio.sleep(_INTERVAL)
    stop()


def _handles_interrupt(pid: int) -> bool | None:
    """Whether a handler for SIGINT is installed: make drops its own on the first one.

    None where the system doesn't tell.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)
