"""What is told of a process's pool of connections to the database."""

from dataclasses import dataclass
from typing import cast

from django.db import connection

from core.postgres.base import DatabaseWrapper

CONNECTIONS = "accountant_database_pool_connections"
CONNECTIONS_MEANING = "Connections of the pool, by whether they are in use."
WAITING = "accountant_database_pool_waiting"
WAITING_MEANING = "Who waits for a connection of the pool."


@dataclass(frozen=True, slots=True)
class PoolUse:
    in_use: int
    free: int
    waiting: int


def pool_use() -> PoolUse | None:
    """Of this process now; None where threads keep a connection each instead. Asks the server nothing."""
    pool = cast("DatabaseWrapper", connection).pool
    if pool is None:
        return None
    stats = pool.get_stats()
    free = stats.get("pool_available", 0)
    return PoolUse(
        in_use=stats.get("pool_size", 0) - free, free=free, waiting=stats.get("requests_waiting", 0)
    )
