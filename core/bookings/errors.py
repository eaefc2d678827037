"""What can go wrong with a booking."""

from core.bookings.models import BookingStatus
from core.errors import Conflict, Forbidden, NotFound


class BookingNotFound(NotFound):
    """There is no such booking."""


class OwnService(Forbidden):
    """Nobody books, or proposes to, a service of their own."""


class NotTheOwner(Forbidden):
    """Only the owner of the booked service decides."""


class NotTheRequester(Forbidden):
    """Only who made the booking withdraws it."""

    default = "Only the person who made this booking can withdraw it."


class BookingNotPending(Conflict):
    """It was confirmed or declined before, and that is final."""

    def __init__(self, status: BookingStatus) -> None:
        self.status = status
        super().__init__(f"The booking is {status}.")
