"""A database that can't fold Arabic would answer searches wrongly and in silence: refuse it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_HINT = "Create it with ENCODING 'UTF8' and a UTF-8 locale, e.g. LOCALE 'C.UTF-8'."


@register(Tags.database)
def database_is_utf8(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """E001: the encoding isn't UTF-8. E002: the locale doesn't know Arabic letters or accents."""
    return [problem for alias in databases or () for problem in problems_of(connections[alias])]


def problems_of(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """What search can't live with in a database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding'), lower('É') = 'é' AND 'م' ~ '[[:alnum:]]'")
        encoding, knows_letters = cursor.fetchone()
    if encoding != "UTF8":
        return [Error(f"The database is {encoding}, not UTF-8.", hint=_HINT, id="search.E001")]
    if not knows_letters:
        return [Error("The database's locale doesn't know letters.", hint=_HINT, id="search.E002")]
    return []
