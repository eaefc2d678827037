"""This process's metrics for Prometheus, on a port of its own that no client reaches.

Processes of one service (web's workers, a worker's children) write to files in one folder,
PROMETHEUS_MULTIPROC_DIR; one of them at a time serves what all of them count.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import cast

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

log = logging.getLogger("metrics")


def serve() -> None:
    """Serve `/metrics` from now on, in the background, if METRICS_PORT is set.

    A port that is taken costs the metrics, with a warning, never the process.
    """
    if settings.METRICS_PORT is not None:
        Thread(target=_serve, args=(settings.METRICS_PORT,), name="metrics", daemon=True).start()


def _serve(port: int) -> None:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    registry = REGISTRY
    if folder:
        _await_turn(Path(folder))
        registry = CollectorRegistry()
        registry.register(_Together(folder))
    try:
        server, _ = start_http_server(port, settings.METRICS_BIND, registry)
    except OSError as error:
        log.warning("metrics are not served on %s:%s: %s", settings.METRICS_BIND, port, error)
        return
    _tell(server.server_port)


class _Together(MultiProcessCollector, Collector):
    """What all processes of the folder count; of what is so now, only what the living say."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        super().__init__(None, folder)  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        for file in self._folder.glob("gauge_live*_*.db"):
            if not _is_alive(int(file.stem.rpartition("_")[2])):
                file.unlink(missing_ok=True)
        return cast("Iterable[Metric]", super().collect())  # type: ignore[no-untyped-call]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _await_turn(folder: Path) -> None:
    """Return once this process is the one that serves; the kernel ends its turn with its life."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)


def _tell(port: int) -> None:
    """Write the address down as Prometheus's file_sd_configs reads it, where METRICS_FILE says."""
    if not settings.METRICS_FILE:
        return
    told = [{"targets": [f"{settings.METRICS_BIND}:{port}"], "labels": {"process": settings.PROCESS_NAME}}]
    path = Path(settings.METRICS_FILE)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(told))
    draft.replace(path)
