"""This process's metrics for Prometheus, on a port of its own that no client reaches.

Processes of one service (web's workers, a worker's children) write to files in one folder,
PROMETHEUS_MULTIPROC_DIR; one of them at a time serves what all of them count.
"""

import fcntl
import json
import logging
import os
from pathlib import Path
from threading import Thread

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

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
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    try:
        server, _ = start_http_server(port, settings.METRICS_BIND, registry)
    except OSError as error:
        log.warning("metrics are not served on %s:%s: %s", settings.METRICS_BIND, port, error)
        return
    _tell(server.server_port)


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
