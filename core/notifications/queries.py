"""Reads of notifications."""

from uuid import UUID

from core.notifications.models import UnreadCounter


def unread_count(user_id: UUID) -> int:
    """How many of a person's notifications are unread: one row by its key, however many."""
    counter = UnreadCounter.objects.filter(user_id=user_id).values_list("unread", flat=True)
    return counter.first() or 0
