"""Changing what a booking says, and its status with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.bookings.actions.decide import require_open, settle
from core.bookings.errors import BookingNotPending
from core.bookings.models import Booking, BookingStatus
from core.bookings.queries import booking_to_decide, require_party
from core.errors import Invalid
from core.files.acceptance import CheckedUpload
from core.files.actions import attach_files, store_upload
from core.files.models import StoredFile
from core.problems import Problems

EDITABLE = frozenset({"full_name", "linkedin_url", "additional_notes"})


@dataclass(frozen=True, slots=True)
class CvChange:
    """Another curriculum vitae; None takes it away."""

    upload: CheckedUpload | None


def update_booking(
    *,
    actor: User,
    booking_id: UUID,
    texts: Mapping[str, str],
    cv: CvChange | None = None,
    status: BookingStatus | None = None,
    already_wrong: Mapping[str, list[str]] | None = None,
) -> None:
    """Change texts (of EDITABLE), the CV, and as the owner the status; all of it or nothing.

    BookingNotFound; Forbidden to strangers; Invalid with everything that is wrong, including what
    the caller knows to be wrong already.
    """
    require_party(actor, booking_id)
    found = Problems(already_wrong)
    stored = None
    if cv and cv.upload and not found:
        stored = store_upload(owner=actor, upload=cv.upload)
    with transaction.atomic():
        booking = booking_to_decide(booking_id)
        if status is not None:
            _note_obstacles(booking, actor, status, found)
        found.raise_any()
        if status is not None:
            settle(booking, to=status)
        _change_information(booking, texts, cv, stored)


def _note_obstacles(booking: Booking, actor: User, status: BookingStatus, found: Problems) -> None:
    if booking.owner_id != actor.id:
        found.add(Invalid.general("Only the service owner can confirm or decline."))
    try:
        require_open(booking, to=status)
    except BookingNotPending as error:
        found.add(Invalid(status=f"Cannot transition from {error.status} to {status}."))


def _change_information(
    booking: Booking, texts: Mapping[str, str], cv: CvChange | None, stored: StoredFile | None
) -> None:
    if unknown := texts.keys() - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    for name, value in texts.items():
        setattr(booking, name, value)
    if cv is not None:
        _set_cv(booking, stored)
    if texts or cv:
        changed = [*texts, *(["cv", "sent_cv"] if cv else []), "updated_at"]
        booking.save(update_fields=changed)


def _set_cv(booking: Booking, cv: StoredFile | None) -> None:
    """The first one has its place at once, the next ones once they are ready; None removes all."""
    if cv is None:
        booking.cv = booking.sent_cv = None
        return
    if booking.cv_id is None:
        booking.cv = cv
    else:
        booking.sent_cv = cv
    attach_files([cv])


def show_cv(*, stored_file: StoredFile) -> None:
    """Show a CV that is ready now, unless another was sent since."""
    changes = {"cv": stored_file, "sent_cv": None, "updated_at": timezone.now()}
    Booking.objects.filter(sent_cv=stored_file).update(**changes)
