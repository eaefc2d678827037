"""What is left of the bookings of a deleted account."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.accounts.actions.deletion import DELETED_NAME
from core.bookings.actions.announce import retell_booking
from core.bookings.actions.decide import settle
from core.bookings.models import Booking, BookingStatus, DeclineReason
from core.idempotency.actions import forget_answers


@transaction.atomic
def erase_for(*, user_id: UUID) -> None:
    """Close the account's pending bookings, and erase what it said of itself. Safe to repeat."""
    concerned = Booking.objects.select_for_update(of=("self",), no_key=True).select_related(
        "service", "client", "accountant"
    )
    for booking in concerned.filter(Q(client_id=user_id) | Q(accountant_id=user_id)).order_by("id"):
        is_requester = booking.requester_id == user_id
        if booking.status == BookingStatus.PENDING:
            reason = DeclineReason.WITHDRAWN if is_requester else DeclineReason.OWNER
            settle(booking, to=BookingStatus.DECLINED, reason=reason)
        if is_requester:
            _erase_texts(booking)
            retell_booking(booking)
        else:
            forget_answers(user_id=booking.requester_id, result_id=booking.id)


def _erase_texts(booking: Booking) -> None:
    booking.full_name = DELETED_NAME
    booking.linkedin_url = booking.additional_notes = ""
    booking.cv = booking.sent_cv = None
    erased = ["full_name", "linkedin_url", "additional_notes", "cv", "sent_cv", "updated_at"]
    booking.save(update_fields=erased)
