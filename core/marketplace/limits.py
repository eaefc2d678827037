"""How long a page may be looked for while somebody waits, holding a thread of web, and with what."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from core.errors import Unavailable

LONGEST_READ_MS = 10_000
# What a million services have in a bitmap: with less, the words of each one are read and compared again.
_MEMORY = "64MB"
# In the transaction alone: whatever pools connections in between, nobody else's statements end by it.
_LIMIT = "SELECT set_config('statement_timeout', %s, true), set_config('work_mem', %s, true)"


@contextmanager
def read_in_time() -> Iterator[None]:
    """A transaction to read in; Unavailable if a statement takes longer than anybody should wait."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_LIMIT, [str(LONGEST_READ_MS), _MEMORY])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise Unavailable from error
        raise
