"""What administrators do to accounts."""

from uuid import UUID

from django.db import transaction

from core.accounts.actions.sessions import end_sessions
from core.accounts.models import AccountStatus, EndReason, User


@transaction.atomic
def suspend_account(*, user_id: UUID) -> bool:
    """Shut the account out at once, sockets too. Whether that changed anything."""
    user = User.objects.select_for_update(no_key=True).get(id=user_id)
    if user.deleted_at or user.account_status == AccountStatus.SUSPENDED:
        return False
    user.account_status = AccountStatus.SUSPENDED
    user.save(update_fields=["account_status", "updated_at"])
    end_sessions(user=user, reason=EndReason.ACCOUNT)
    return True


@transaction.atomic
def activate_account(*, user_id: UUID) -> bool:
    """Lift a suspension, or vouch for an address that was never verified."""
    user = User.objects.select_for_update(no_key=True).get(id=user_id)
    if user.deleted_at or user.account_status == AccountStatus.ACTIVE:
        return False
    user.account_status = AccountStatus.ACTIVE
    user.is_email_verified = True
    user.save(update_fields=["account_status", "is_email_verified", "updated_at"])
    return True


@transaction.atomic
def end_all_sessions(*, user_id: UUID) -> None:
    """Log the account out everywhere."""
    end_sessions(user=User.objects.get(id=user_id), reason=EndReason.REVOKED)
