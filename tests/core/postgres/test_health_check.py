"""Kept connections are known to be dead without asking the server."""

import time

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core.postgres.base import DatabaseWrapper


@pytest.mark.django_db
def test_a_living_connection_is_not_asked() -> None:
    assert isinstance(connections["default"], DatabaseWrapper)
    with CaptureQueriesContext(connection) as queries:
        assert connection.is_usable()
    assert len(queries) == 0


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_not_usable() -> None:
    other = connection.copy()
    other.connect()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        assert other.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        deadline = time.monotonic() + 30
        while other.is_usable():
            assert time.monotonic() < deadline
    finally:
        other.close()
    assert not other.is_usable()
