"""What a person changes about their own account."""

from django.db import transaction

from core.accounts.locks import lock_account
from core.accounts.models import User

EDITABLE = frozenset({"full_name", "phone", "company_name", "job_title"})


@transaction.atomic
def update_account(*, actor: User, **changes: str) -> User:
    """The account with full_name, phone, company_name or job_title changed. InactiveAccount."""
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    user = lock_account(actor)
    for name, value in changes.items():
        setattr(user, name, value)
    if changes:
        user.save(update_fields=[*changes, "updated_at"])
    return user
