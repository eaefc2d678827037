"""Accepting, declining and withdrawing."""

from uuid import UUID

from ninja import Router

from core.bookings.actions import decide
from core.bookings.errors import BookingNotFound, BookingNotPending
from core.errors import Invalid
from web.auth import AuthedRequest, BearerAuth
from web.bookings.refusals import in_error_words
from web.bookings.schemas import Accepted, Declined, Refusal

router = Router(tags=["Bookings"], auth=BearerAuth())
_REFUSALS = {400: Refusal, 403: Refusal, 404: Refusal}


@router.post("{booking_id}/accept/", response={200: Accepted, **_REFUSALS})
@in_error_words("accept")
def accept(request: AuthedRequest, booking_id: str) -> dict[str, object]:
    """Confirm a pending booking of one's own service."""
    booking = decide.accept_booking(actor=request.auth.user, booking_id=_id_in(booking_id))
    return {
        "message": "Booking accepted successfully",
        "booking_id": booking.id,
        "status": booking.status,
        "client_id": booking.client_id,
        "accountant_id": booking.accountant_id,
    }


@router.post("{booking_id}/decline/", response={200: Declined, **_REFUSALS})
@in_error_words("decline")
def decline(request: AuthedRequest, booking_id: str) -> dict[str, object]:
    """Decline a pending booking of one's own service."""
    booking = decide.decline_booking(actor=request.auth.user, booking_id=_id_in(booking_id))
    return {
        "message": "Booking declined successfully",
        "booking_id": booking.id,
        "status": booking.status,
    }


@router.post("{booking_id}/withdraw/", response=Declined)
def withdraw(request: AuthedRequest, booking_id: UUID) -> dict[str, object]:
    """Take a pending booking of one's own back; it is then declined."""
    try:
        booking = decide.withdraw_booking(actor=request.auth.user, booking_id=booking_id)
    except BookingNotPending as error:
        raise Invalid(status=f"Cannot withdraw booking with status: {error.status}") from None
    return {
        "message": "Booking withdrawn successfully",
        "booking_id": booking.id,
        "status": booking.status,
    }


def _id_in(text: str) -> UUID:
    """BookingNotFound for what is no id: these two operations have words of their own for it."""
    try:
        return UUID(text)
    except ValueError:
        raise BookingNotFound from None
