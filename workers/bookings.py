"""Tasks of core.bookings, and of the keys its requests are made under."""

from uuid import UUID

from core import jobs, unread
from core.bookings.actions import announce, decide, waiting
from core.idempotency import actions as idempotency
from workers.task import task


@task(jobs.bookings.announce)
def announce_booking(*, booking_id: UUID, event: str) -> None:
    told = announce.announce_booking(booking_id=booking_id, event=event)
    unread.push_counts_after_commit(told)


@task(jobs.bookings.decline_expired)
def decline_expired(*, booking_id: UUID) -> None:
    decide.decline_expired(booking_id=booking_id)


@task(jobs.bookings.remind_owners)
def remind_owners() -> None:
    waiting.remind_owners()


@task(jobs.bookings.decline_overdue)
def decline_overdue() -> None:
    waiting.decline_overdue()


@task(jobs.bookings.delete_expired_claims)
def delete_expired_claims() -> None:
    idempotency.delete_expired_claims()
