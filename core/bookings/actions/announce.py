"""What the two parties of a booking are told, and when."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from core.accounts.models import User
from core.bookings.models import Booking, BookingStatus, DeclineReason
from core.notifications.actions.erasure import retell
from core.notifications.actions.notify import Notice, notify
from core.notifications.models import NotificationType


def announce_booking(*, booking_id: UUID, event: str) -> list[UUID]:
    """Tell the party concerned of created, accepted, declined or reminder, once each.

    Inside a transaction; who didn't know, and nobody if the booking is no more, or is answered by
    the time its owner would be reminded.
    """
    booking = Booking.objects.select_related("service", "client", "accountant").filter(id=booking_id).first()
    happened_at = booking and _HAPPENED[event](booking)
    if not booking or not happened_at:
        return []
    user_id, kind, title, message = _TOLD[event](booking)
    notice = Notice(
        event_key=_key(booking_id, event),
        notification_type=kind,
        title=title,
        message=message,
        related_object_id=booking_id,
        happened_at=happened_at,
    )
    return notify(notice, recipients=User.objects.filter(id=user_id, deleted_at=None).values("id"))


def retell_booking(booking: Booking) -> None:
    """Tell the parties anew what they were told, with the names of now. In a transaction."""
    for event, texts in _TOLD.items():
        user_id, _, title, message = texts(booking)
        retell(user_id=user_id, event_key=_key(booking.id, event), title=title, message=message)


def _key(booking_id: UUID, event: str) -> str:
    return f"booking:{booking_id}:{event}"


_Told = tuple[UUID, NotificationType, str, str]


def _created(booking: Booking) -> _Told:
    message = f"{_requester(booking)} booked your {booking.service.title} service"
    return booking.owner_id, NotificationType.BOOKING_CREATED, "New Booking Request", message


def _accepted(booking: Booking) -> _Told:
    message = f"Your booking for {booking.service.title} has been confirmed"
    if booking.service.is_course:
        message += ". You will be added to the course chat."
    return booking.requester_id, NotificationType.BOOKING_ACCEPTED, "Booking Confirmed", message


def _declined(booking: Booking) -> _Told:
    if booking.decline_reason == DeclineReason.WITHDRAWN:
        told, message = (
            booking.owner_id,
            f"{_requester(booking)} withdrew the booking for {booking.service.title}",
        )
    else:
        told, message = (
            booking.requester_id,
            f"Your booking for {booking.service.title} has been declined",
        )
    return told, NotificationType.BOOKING_DECLINED, "Booking Declined", message


def _reminder(booking: Booking) -> _Told:
    message = f"{_requester(booking)} is still waiting for your answer: {booking.service.title}"
    return booking.owner_id, NotificationType.BOOKING_CREATED, "Booking Request Waiting", message


def _requester(booking: Booking) -> str:
    """The name of the requester's account; accounts may be without one, bookings never."""
    offered = booking.requester_id == booking.client_id
    requester = booking.client if offered else booking.accountant
    return requester.full_name or booking.full_name


_TOLD: dict[str, Callable[[Booking], _Told]] = {
    "created": _created,
    "accepted": _accepted,
    "declined": _declined,
    "reminder": _reminder,
}


def _reminded_at(booking: Booking) -> datetime | None:
    return booking.reminded_at if booking.status == BookingStatus.PENDING else None


_HAPPENED: dict[str, Callable[[Booking], datetime | None]] = {
    "created": lambda booking: booking.created_at,
    "accepted": lambda booking: booking.decided_at,
    "declined": lambda booking: booking.decided_at,
    "reminder": _reminded_at,
}
"""When it did, or None if there is nothing to tell."""
