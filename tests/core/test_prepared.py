"""Statements that are planned once a connection really are."""

import pytest
from django.db import connection

from core.prepared import fetch_one

pytestmark = pytest.mark.django_db


def prepared(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [statement])
        return int(cursor.fetchone()[0])


def test_a_statement_is_prepared_on_its_first_use_and_once() -> None:
    for number in (1, 2, 3):
        assert fetch_one("SELECT %s::integer + 41", [number]) == (number + 41,)
    assert prepared("SELECT $1::integer + 41") == 1


def test_djangos_own_cursors_prepare_nothing() -> None:
    fetch_one("SELECT 1", [])
    with connection.cursor() as cursor:
        for _ in range(8):
            cursor.execute("SELECT %s::integer + 40", [1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%+ 40'")
        assert cursor.fetchone() == (0,)
