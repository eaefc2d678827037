"""Reads of notifications."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from core.accounts.cards import moment
from core.accounts.models import User
from core.errors import NotFound
from core.notifications.models import Notification, UnreadCounter
from core.pages import PAGE_SIZE, Page, offset_of, require_page

# The keys are those of web.notifications.schemas.NotificationOut; a test holds them to it.
_PAGE = f"""
WITH page AS (
    SELECT * FROM notifications_notification WHERE user_id = %(user_id)s
    ORDER BY created_at DESC, id DESC LIMIT %(size)s OFFSET %(offset)s
)
SELECT (SELECT count(*) FROM notifications_notification WHERE user_id = %(user_id)s),
    coalesce(json_agg(json_build_object(
        'notification_id', id,
        'notification_type', notification_type,
        'title', title,
        'message', message,
        'is_read', is_read,
        'related_object_id', related_object_id,
        'created_at', {moment("created_at")}
    ) ORDER BY created_at DESC, id DESC), '[]')::text
FROM page
"""  # noqa: S608 — of constants


def unread_count(user_id: UUID) -> int:
    """How many of a person's notifications are unread: one row by its key, however many."""
    counter = UnreadCounter.objects.filter(user_id=user_id).values_list("unread", flat=True)
    return counter.first() or 0


def unread_counts(user_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The same for several people; who has none may be missing."""
    counters = UnreadCounter.objects.filter(user_id__in=user_ids)
    return dict(counters.values_list("user_id", "unread"))


def told_about(related_object_id: UUID, *, among: QuerySet[Any, Any]) -> list[UUID]:
    """Which of the people (a query of ids) have unread notifications about an object."""
    about = Notification.objects.filter(user_id__in=among, related_object_id=related_object_id, is_read=False)
    return list(about.values_list("user_id", flat=True).distinct())


def notifications_page(user: User, number: int) -> Page:
    """A page of a person's notifications, the newest first; NotFound past the last."""
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, {"user_id": user.id, "size": PAGE_SIZE, "offset": offset_of(number)})
        page = Page(*cursor.fetchone())
    require_page(number, page.count)
    return page


def access_notification(*, actor: User, notification_id: UUID) -> Notification:
    """One of the actor's notifications, or NotFound."""
    found = Notification.objects.filter(id=notification_id, user=actor).first()
    if found is None:
        raise NotFound
    return found
