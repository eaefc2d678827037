"""A step that meets a transaction under way."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

from tests.workers.plant import eventually

T = TypeVar("T")
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def begun(pool: ThreadPoolExecutor, step: Callable[[], T]) -> "Future[T]":
    """The step on a connection of its own, once it is done or waits for this one's transaction."""

    def run() -> T:
        try:
            return step()
        finally:
            connection.close()

    future = pool.submit(run)
    eventually(lambda: future.done() or _somebody_waits())
    return future


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])
