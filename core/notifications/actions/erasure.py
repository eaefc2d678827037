"""What is left of a deleted account in notifications: nothing it was told, and not its name."""

from uuid import UUID

from django.db.models import Expression

from core.notifications.actions.reading import lock_counter
from core.notifications.models import Notification


def erase_for(*, user_id: UUID) -> None:
    """Delete all that the account was told. Safe to repeat."""
    Notification.objects.filter(user_id=user_id).delete()


def retell(*, user_id: UUID, event_key: str, title: str, message: str) -> None:
    """Give what a person was told of a fact other texts, in a transaction."""
    lock_counter(user_id)
    Notification.objects.filter(user_id=user_id, event_key=event_key).update(title=title, message=message)


def retell_of(*, actor_id: UUID, title: Expression, message: Expression, most: int) -> bool:
    """Give what others were told of the actor other texts, in a transaction; whether some are left.

    Of so many people at most, in the order in which fan-outs lock them. What was retold names no
    actor any more, so that the next call finds the rest.
    """
    told = Notification.objects.filter(actor_id=actor_id)
    people = list(told.order_by("user_id").values_list("user_id", flat=True).distinct()[: most + 1])
    for user_id in people[:most]:
        lock_counter(user_id)
        told.filter(user_id=user_id).update(title=title, message=message, actor_id=None)
    return len(people) > most
