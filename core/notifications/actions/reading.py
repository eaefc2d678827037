"""Marking notifications as read: the counts are right whatever happens at once."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from core.accounts.models import User
from core.jobs import unread as unread_jobs
from core.notifications.models import Notification, UnreadCounter
from core.notifications.queries import access_notification, unread_count


@transaction.atomic
def mark_read(*, actor: User, notification_id: UUID) -> bool:
    """Mark one of the actor's; whether it was unread. NotFound."""
    access_notification(actor=actor, notification_id=notification_id)
    return _mark(actor.id, Notification.objects.filter(id=notification_id)) == 1


@transaction.atomic
def mark_all_read(*, actor: User) -> tuple[int, int]:
    """Mark all of the actor's; how many were unread, and how many are now."""
    marked = _mark(actor.id, Notification.objects.all())
    return marked, unread_count(actor.id)


@transaction.atomic
def mark_read_about(*, user_id: UUID, related_object_id: UUID) -> int:
    """Mark all that a person was told about one object; how many were unread."""
    about = Notification.objects.filter(related_object_id=related_object_id)
    return _mark(user_id, about)


def _mark(user_id: UUID, chosen: QuerySet[Notification]) -> int:
    """Under the lock of the person's counter: two that mark at once can't deadlock.

    Whoever stores news meanwhile has counted it before, and is waited for, or looks again after.
    """
    lock_counter(user_id)
    marked = chosen.filter(user_id=user_id, is_read=False).update(is_read=True)
    if marked:
        unread_jobs.push_counts(user_id=user_id)
    return marked


def lock_counter(user_id: UUID) -> None:
    """What changes a person's notifications takes this lock first, in a transaction.

    The first news of a person makes the counter: until it is there, nothing could be waited for.
    """
    counters = UnreadCounter.objects.select_for_update(no_key=True).filter(user_id=user_id)
    if counters.first() is None:
        UnreadCounter.objects.bulk_create([UnreadCounter(user_id=user_id)], ignore_conflicts=True)
        counters.first()
