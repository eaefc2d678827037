"""The one way a booking's status changes, whoever changes it and by whichever route."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.bookings.errors import BookingNotPending, NotTheOwner, NotTheRequester
from core.bookings.models import Booking, BookingStatus, DeclineReason
from core.bookings.queries import booking_to_decide, require_party
from core.jobs import bookings as jobs


@transaction.atomic
def accept_booking(*, actor: User, booking_id: UUID) -> Booking:
    """Confirm a pending booking of the actor's service; the requester is told.

    BookingNotFound, NotTheOwner, BookingNotPending.
    """
    return _decide_as_owner(actor, booking_id, BookingStatus.CONFIRMED)


@transaction.atomic
def decline_booking(*, actor: User, booking_id: UUID) -> Booking:
    """Decline a pending booking of the actor's service; as accept_booking otherwise."""
    return _decide_as_owner(actor, booking_id, BookingStatus.DECLINED)


@transaction.atomic
def withdraw_booking(*, actor: User, booking_id: UUID) -> Booking:
    """Take a pending booking back; its owner is told.

    BookingNotFound, Forbidden to strangers, NotTheRequester, BookingNotPending.
    """
    require_party(actor, booking_id)
    booking = booking_to_decide(booking_id)
    if booking.requester_id != actor.id:
        raise NotTheRequester
    settle(booking, to=BookingStatus.DECLINED, reason=DeclineReason.WITHDRAWN)
    return booking


@transaction.atomic
def decline_for_owner(*, booking_id: UUID) -> bool:
    """Decline a booking in its owner's stead; the requester is told. Whether it was pending."""
    booking = booking_to_decide(booking_id)
    if booking.status != BookingStatus.PENDING:
        return False
    settle(booking, to=BookingStatus.DECLINED)
    return True


@transaction.atomic
def decline_expired(*, booking_id: UUID) -> bool:
    """Decline a booking nobody answered in time; the requester is told. Whether that was so."""
    booking = Booking.objects.filter(id=booking_id, status=BookingStatus.PENDING).first()
    if booking is None or not is_expired(booking):
        return False
    booking = booking_to_decide(booking_id)
    if booking.status != BookingStatus.PENDING:
        return False
    settle(booking, to=BookingStatus.DECLINED, reason=DeclineReason.EXPIRED)
    return True


def is_expired(booking: Booking) -> bool:
    """Whether it was made so long ago that it is not to be pending any more."""
    limit = timedelta(days=settings.BOOKING_EXPIRY_DAYS)
    return bool(limit) and booking.created_at <= timezone.now() - limit


def require_open(booking: Booking, *, to: BookingStatus) -> None:
    """Raise BookingNotPending unless the booking may still become that."""
    if booking.status != BookingStatus.PENDING or to == BookingStatus.PENDING:
        raise BookingNotPending(BookingStatus(booking.status))


def settle(booking: Booking, *, to: BookingStatus, reason: DeclineReason = DeclineReason.OWNER) -> None:
    """Confirm or decline a locked booking, and have the other party told; BookingNotPending.

    The only code that changes a status.
    """
    require_open(booking, to=to)
    booking.status = to
    booking.decline_reason = reason if to == BookingStatus.DECLINED else ""
    booking.decided_at = timezone.now()
    booking.save(update_fields=["status", "decline_reason", "decided_at", "updated_at"])
    jobs.announce(booking_id=booking.id, event=_EVENTS[to])


_EVENTS = {BookingStatus.CONFIRMED: "accepted", BookingStatus.DECLINED: "declined"}


def _decide_as_owner(actor: User, booking_id: UUID, to: BookingStatus) -> Booking:
    booking = booking_to_decide(booking_id)
    if booking.owner_id != actor.id:
        raise NotTheOwner
    settle(booking, to=to)
    return booking
