"""Locks on an account until the transaction ends, so that its deletion leaves nothing behind."""

from django.db import connection

from core.accounts.models import User
from core.errors import InactiveAccount

_HOLD = "SELECT FROM accounts_user WHERE id = %s AND deleted_at IS NULL FOR SHARE"


def lock_account(actor: User) -> User:
    """The account as it is now, for whoever changes it or may wait. InactiveAccount once it is deleted."""
    user = User.objects.select_for_update(no_key=True).get(id=actor.id)
    if user.deleted_at is not None:
        raise InactiveAccount
    return user


def hold_account(actor: User) -> None:
    """Keep an account from being changed or deleted; others may hold it too. InactiveAccount."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [actor.id])
        if not cursor.rowcount:
            raise InactiveAccount
