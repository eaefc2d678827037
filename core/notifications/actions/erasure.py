"""What is left of the notifications of a deleted account: nothing."""

from uuid import UUID

from core.notifications.models import Notification


def erase_for(*, user_id: UUID) -> None:
    """Delete all that the account was told. Safe to repeat."""
    Notification.objects.filter(user_id=user_id).delete()
