"""A booking with all that is shown of it."""

from core.accounts.models import User
from core.bookings.models import Booking
from core.bookings.queries import shown_cv
from core.files.urls import signed_path


def shown(booking: Booking, *, viewer: User | None = None) -> dict[str, object]:
    """What schemas.BookingOut is made of; whoever sent the last CV hears what became of it."""
    return {
        "booking_id": booking.id,
        "client": booking.client,
        "accountant": booking.accountant,
        "service": booking.service,
        "full_name": booking.full_name,
        "linkedin_url": booking.linkedin_url or None,
        **_cv(booking, viewer),
        "additional_notes": booking.additional_notes,
        "status": booking.status,
        "decline_reason": booking.decline_reason or None,
        "created_at": booking.created_at,
        "updated_at": booking.updated_at,
    }


def _cv(booking: Booking, viewer: User | None) -> dict[str, object]:
    """A rejected file has a reason instead of an address."""
    shown_one, last = shown_cv(booking), booking.sent_cv or booking.cv
    is_senders = last is not None and viewer is not None and last.owner_id == viewer.id
    told = last if is_senders else shown_one or last
    return {
        "cv_file": shown_one and signed_path(shown_one),
        "cv_file_state": told and told.state,
        "cv_file_reason": told.reason if told else "",
    }
