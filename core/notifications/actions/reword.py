"""Saying a fact anew to those who were told of it: what it was about has changed or is gone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.notifications.actions.notify import Notice
from core.notifications.models import Notification, UnreadCounter


def reword(notice: Notice, *, among: QuerySet[Any, Any]) -> None:
    """Those of the people (a query of ids) who were told of the fact find it in these words."""
    _told(notice, among).update(title=notice.title, message=notice.message)


def withdraw(notice: Notice, *, among: QuerySet[Any, Any]) -> Sequence[UUID]:
    """As reword, but nobody need read it any more; those to whom it was unread.

    Counters are locked first and in the order of ids, as by whoever tells or marks.
    """
    told = _told(notice, among)
    counters = UnreadCounter.objects.select_for_update(no_key=True).order_by("user_id")
    list(counters.filter(user_id__in=told.values("user_id")).values_list("user_id"))
    unread = list(told.filter(is_read=False).values_list("user_id", flat=True))
    told.update(title=notice.title, message=notice.message, is_read=True)
    return unread


def _told(notice: Notice, among: QuerySet[Any, Any]) -> QuerySet[Notification]:
    return Notification.objects.filter(user_id__in=among, event_key=notice.event_key)
