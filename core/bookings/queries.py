"""Reads of bookings."""

from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from core.accounts.models import User, UserType
from core.bookings import cards
from core.bookings.errors import BookingNotFound
from core.bookings.models import Booking
from core.errors import Forbidden
from core.files.models import FileState, StoredFile
from core.marketplace.models import Category

_LISTS: dict[str, str] = {
    UserType.CLIENT: cards.OF_CLIENT,
    UserType.ACADEMIC: cards.OF_ACADEMIC,
    UserType.ACCOUNTANT: cards.OF_ACCOUNTANT,
}
_WITH_ALL = ("client", "accountant", "service__user", "cv", "sent_cv")


def bookings_json(user: User) -> str:
    """A person's bookings as a JSON array, newest first, in one statement.

    Academics see their courses; administrators have none.
    """
    statement = _LISTS.get(user.user_type)
    if statement is None:
        return "[]"
    with connection.cursor() as cursor:
        cursor.execute(statement, [user.id])
        return str(cursor.fetchone()[0])


def view_booking(*, actor: User, booking_id: UUID) -> Booking:
    """A booking of the actor's with all that is shown of it; BookingNotFound for others."""
    booking = _whole().filter(Q(client=actor) | Q(accountant=actor), id=booking_id).first()
    if booking is None:
        raise BookingNotFound
    return booking


def require_party(actor: User, booking_id: UUID) -> None:
    """That the booking is of one of the two. BookingNotFound; Forbidden to anyone else."""
    booking = Booking.objects.filter(id=booking_id).first()
    if booking is None:
        raise BookingNotFound
    if not booking.is_of(actor.id):
        raise Forbidden


def booking_to_decide(booking_id: UUID) -> Booking:
    """A booking by its id, locked until the transaction ends; BookingNotFound."""
    locked = Booking.objects.select_for_update(of=("self",), no_key=True)
    booking = locked.select_related("service").filter(id=booking_id).first()
    if booking is None:
        raise BookingNotFound
    return booking


def shown_cv(booking: Booking) -> StoredFile | None:
    """The CV that is ready, else the last one that may still be."""
    if booking.cv is not None and booking.cv.state == FileState.READY:
        return booking.cv
    sent = (booking.sent_cv, booking.cv)
    return next((cv for cv in sent if cv is not None and cv.state != FileState.REJECTED), None)


def share_booking(first: User, second: User) -> bool:
    """Whether the two ever were the two of one booking, whatever became of it."""
    pair = Q(client=first, accountant=second) | Q(client=second, accountant=first)
    return Booking.objects.filter(pair).exists()


def _whole() -> QuerySet[Booking]:
    categories = Prefetch("service__categories", Category.objects.order_by("name"))
    return Booking.objects.select_related(*_WITH_ALL).prefetch_related(categories)
