"""Bookings nobody answers: the owner is reminded once, in the end they are declined."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.bookings.models import Booking, BookingStatus
from core.jobs import bookings as jobs
from core.jobs.queries import unended_ids

_BATCH = 1000


@transaction.atomic
def remind_owners() -> int:
    """Have the owners of bookings that wait for long told, each once; how many bookings.

    Not of those that are about to be declined, nor at all while BOOKING_REMINDER_DAYS is 0.
    """
    if not settings.BOOKING_REMINDER_DAYS:
        return 0
    waiting = _older_than(settings.BOOKING_REMINDER_DAYS).filter(reminded_at=None)
    if settings.BOOKING_EXPIRY_DAYS:
        waiting = waiting.exclude(id__in=_older_than(settings.BOOKING_EXPIRY_DAYS).values("id"))
    found = list(
        waiting.select_for_update(no_key=True, skip_locked=True).values_list("id", flat=True)[:_BATCH]
    )
    Booking.objects.filter(id__in=found).update(reminded_at=Now())
    jobs.announce.many({"booking_id": booking_id, "event": "reminder"} for booking_id in found)
    return len(found)


@transaction.atomic
def decline_overdue() -> int:
    """Have the bookings that waited too long declined, each by a job of its own; how many.

    Not those with such a job already: one that died waits for a person, and others go on. None while
    BOOKING_EXPIRY_DAYS is 0.
    """
    if not settings.BOOKING_EXPIRY_DAYS:
        return 0
    overdue = _older_than(settings.BOOKING_EXPIRY_DAYS).exclude(
        id__in=unended_ids(jobs.decline_expired, "booking_id")
    )
    calls = [{"booking_id": booking_id} for booking_id in overdue.values_list("id", flat=True)[:_BATCH]]
    jobs.decline_expired.many(calls)
    return len(calls)


def _older_than(days: int) -> QuerySet[Booking]:
    limit = Now() - timedelta(days=days)
    return Booking.objects.filter(status=BookingStatus.PENDING, created_at__lte=limit).order_by("created_at")
