"""In which order services and their owners are locked."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_HOLD = "SELECT FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def hold_owners(owner_ids: Iterable[UUID]) -> None:
    """Keep owners as they are until the transaction ends. Before any service of theirs is locked.

    Who changes an owner locks the owner first, then by trigger the services: the other way round, each
    would wait for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(owner_ids)])
