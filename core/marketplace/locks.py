"""In which order services and their owners are locked."""

from django.db import connection
from django.db.models import QuerySet

from core.marketplace.models import Service

_HOLD_OWNERS = "SELECT FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def locked(services: QuerySet[Service]) -> list[Service]:
    """These services, locked until the transaction ends: first their owners, then they, by their ids.

    Who changes an owner locks the owner, then by trigger the services: the other way round, each would
    wait for the other.
    """
    owners = set(services.values_list("user_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_OWNERS, [list(owners)])
    return list(services.select_for_update(no_key=True).order_by("id"))
