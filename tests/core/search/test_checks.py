"""A database in which Arabic can't be searched is refused."""

from collections.abc import Iterator

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from core.search.checks import problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[BaseDatabaseWrapper]:
    """A new database of the encoding and locale that the test names."""
    encoding, locale = request.param
    name = f"check_{encoding.lower()}_{connection.settings_dict['NAME']}"
    maker, made = connection.copy(), connection.copy()
    made.settings_dict = {**made.settings_dict, "NAME": name}
    with maker.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE '{locale}'")
    yield made
    made.close()
    with maker.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")
    maker.close()


def test_ours_is_fine() -> None:
    assert run_checks(databases=["default"], tags=["database"]) == []


@pytest.mark.parametrize(
    ("database", "problem"),
    [(("SQL_ASCII", "C"), "search.E001"), (("UTF8", "C"), "search.E002")],
    indirect=["database"],
)
def test_others_are_refused(database: BaseDatabaseWrapper, problem: str) -> None:
    (found,) = problems_of(database)
    assert found.id == problem
    assert found.hint
