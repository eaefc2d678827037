"""Jobs of core.bookings, and of the keys its requests are made under."""

from datetime import timedelta
from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.NOTIFICATIONS)
def announce(*, booking_id: UUID, event: str) -> None:
    """Tell the party concerned of created, accepted, declined or reminder, once each."""


@job(Queue.MAINTENANCE)
def decline_expired(*, booking_id: UUID) -> None:
    """Decline a booking that nobody answered in time."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=10))
def remind_owners() -> None:
    """Remind the owners of bookings that wait for long."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=10))
def decline_overdue() -> None:
    """Have the bookings declined that waited too long."""


@job(Queue.MAINTENANCE, every=timedelta(hours=1))
def delete_expired_claims() -> None:
    """Delete the idempotency keys whose day is over."""
