"""Tasks of core.bookings."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from core.bookings.models import Booking
from core.idempotency.models import Claim
from tests.booked import make_booking, make_service
from tests.cast import make_user
from tests.workers.cases import LONG_AGO, Cases, Params


def booking(*, waited: timedelta = LONG_AGO) -> UUID:
    made = make_booking(make_service(make_user("accountant")), make_user("client"))
    Booking.objects.filter(id=made.id).update(created_at=timezone.now() - waited)
    return made.id


def announced_booking() -> Params:
    return {"booking_id": booking(), "event": "created"}


def overdue_booking() -> Params:
    return {"booking_id": booking()}


def waiting_booking() -> Params:
    booking(waited=timedelta(days=7))
    return {}


def ignored_booking() -> Params:
    booking()
    return {}


def old_claim() -> Params:
    claim = Claim.objects.create(user=make_user(), operation="x", key="k", fingerprint="f", result_id=uuid4())
    Claim.objects.filter(id=claim.id).update(created_at=timezone.now() - LONG_AGO)
    return {}


CASES: Cases = {
    "bookings.announce": announced_booking,
    "bookings.decline_expired": overdue_booking,
    "bookings.remind_owners": waiting_booking,
    "bookings.decline_overdue": ignored_booking,
    "bookings.delete_expired_claims": old_claim,
}
