"""The pool of connections: who holds one and who waits is told."""

from collections.abc import Iterator
from threading import Thread
from typing import cast

import pytest
from django.db import connection

from core.metrics import pool
from core.metrics.pool import PoolUse, pool_use
from core.postgres.base import DatabaseWrapper
from tests.realtime.processes import eventually
from tests.scraping import counted
from web import pool as web_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseWrapper]:
    """The database by a pool of one connection."""
    other = cast("DatabaseWrapper", connection.copy("pooled"))
    other.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 30}
    other.settings_dict["CONN_MAX_AGE"] = 0
    monkeypatch.setattr(pool, "connection", other)
    other.pool.open(wait=True)
    yield other
    other.close_pool()


def told() -> tuple[float, float, float]:
    web_pool.tell()
    in_use, free = (counted(pool.CONNECTIONS, state=state) for state in ("in_use", "free"))
    return in_use, free, counted(pool.WAITING)


def test_a_kept_connection_is_no_pool() -> None:
    assert pool_use() is None


def test_web_tells_who_holds_one_and_who_waits(pooled: DatabaseWrapper) -> None:
    assert told() == (0, 1, 0)
    held = pooled.pool.getconn()
    assert told() == (1, 0, 0)
    waiting = Thread(target=lambda: pooled.pool.putconn(pooled.pool.getconn()))
    waiting.start()
    eventually(lambda: pool_use() == PoolUse(in_use=1, free=0, waiting=1), "somebody waits")
    assert told() == (1, 0, 1)
    pooled.pool.putconn(held)
    waiting.join()
    assert told() == (0, 1, 0)
