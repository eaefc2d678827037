"""Doing several things at once, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(*steps: Callable[[], T]) -> list[T]:
    """What the steps return, begun together. Inside a transactional test."""
    ready = Barrier(len(steps))

    def run(step: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))
