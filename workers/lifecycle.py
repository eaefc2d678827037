"""What a worker's processes do as they start: their logs, and database connections of their own."""

import logging
import os
import signal
import sys
from contextlib import suppress
from threading import Timer
from typing import Any, TextIO

from celery.apps import worker
from celery.signals import (
    beat_init,
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from core import telemetry
from core.jobs.catalogue import CATALOGUE
from core.metrics import serve

_MARGIN = 30
_PATIENCE = 6.0
"""Seconds that running tasks get on SIGTERM; what is interrupted then runs again elsewhere."""


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Django's LOGGING stands; Celery's own lines about each task would repeat ours."""
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
    worker.safe_say = _say  # type: ignore[attr-defined]


@worker_shutting_down.connect
def stop_waiting_in_time(how: str, **_: Any) -> None:
    """Celery waits for running tasks for ever on SIGTERM, and sleeps in any case on SIGQUIT."""
    if how == "Warm":
        insist = Timer(_PATIENCE, os.kill, (os.getpid(), signal.SIGQUIT))
        insist.daemon = True
        insist.start()


@worker_process_init.connect
def forget_inherited_connections(**_: Any) -> None:
    """A connection shared with the parent would mix up answers; closing it would break the parent's."""
    for connection in connections.all(initialized_only=True):
        connection.connection = None
    connection_created.connect(_limit_idle_transactions)


@worker_process_init.connect
def serve_metrics(**_: Any) -> None:
    """Each child counts into a shared folder; one of them serves all of it."""
    serve()


@worker_process_init.connect
def start_telemetry(**_: Any) -> None:
    """After the fork: the threads that send are the child's own."""
    telemetry.start("worker")


@beat_init.connect
def start_beats_telemetry(**_: Any) -> None:
    telemetry.start("beat")


@worker_process_shutdown.connect
def send_the_rest(**_: Any) -> None:
    """A child ends without Python's own goodbyes."""
    telemetry.stop()


def _say(text: str, stream: TextIO | None = sys.__stderr__) -> None:
    """What Celery says in a signal handler, as a line of the log: past the locks of the log's own."""
    handler, *_ = logging.getLogger().handlers
    record = logging.makeLogRecord({"name": "workers", "levelname": "INFO", "msg": text.strip()})
    handler.filter(record)
    if stream is not None:
        with suppress(OSError):
            os.write(stream.fileno(), f"{handler.format(record)}\n".encode())


def _limit_idle_transactions(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """A worker that is frozen, or cut off, loses its jobs to others once it is past every limit."""
    seconds = max(job.time_limit for job in CATALOGUE.values()) + _MARGIN
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [f"{seconds}s"])
