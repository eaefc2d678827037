"""A booking with all that is shown of it."""

from core.bookings.models import Booking
from core.files.models import FileState, StoredFile
from core.files.urls import signed_path


def shown(booking: Booking) -> dict[str, object]:
    """What schemas.BookingOut is made of."""
    return {
        "booking_id": booking.id,
        "client": booking.client,
        "accountant": booking.accountant,
        "service": booking.service,
        "full_name": booking.full_name,
        "linkedin_url": booking.linkedin_url or None,
        **_cv(booking.cv),
        "additional_notes": booking.additional_notes,
        "status": booking.status,
        "decline_reason": booking.decline_reason or None,
        "created_at": booking.created_at,
        "updated_at": booking.updated_at,
    }


def _cv(cv: StoredFile | None) -> dict[str, object]:
    """A rejected file has a reason instead of an address."""
    if cv is None:
        return {"cv_file": None, "cv_file_state": None, "cv_file_reason": ""}
    path = None if cv.state == FileState.REJECTED else signed_path(cv)
    return {"cv_file": path, "cv_file_state": cv.state, "cv_file_reason": cv.reason}
