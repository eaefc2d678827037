"""Statements that PostgreSQL plans once a connection: for those that nearly every request executes."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

# Django says None, by which psycopg prepares nothing at all, whatever a cursor asks for. Django's own
# cursors bind on the client, and never prepare.
_THRESHOLD = 5


class _PreparedCursor(psycopg.Cursor[Any]):
    """Binds on the server and prepares at once, where Django's cursors bind on the client."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_PreparedCursor":
        return super().execute(query, params, prepare=True, binary=False)


def fetch_one(statement: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of a constant statement; logged, counted and wrapped as Django's own are."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    if connection.connection.prepare_threshold is None:
        connection.connection.prepare_threshold = _THRESHOLD
    bare: Any = _PreparedCursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(bare) as cursor:
        cursor.execute(statement, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
