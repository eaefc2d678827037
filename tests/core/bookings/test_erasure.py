"""What is left of bookings when one of the two deletes the account: decision A22."""

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.bookings.actions.announce import announce_booking
from core.bookings.actions.decide import accept_booking
from core.bookings.actions.update import CvChange, update_booking
from core.bookings.models import Booking
from core.files.acceptance import check_upload
from core.files.models import Purpose
from core.jobs.models import Job
from core.notifications.models import Notification
from tests.booked import make_booking, make_service, told, work_off
from tests.cast import PASSWORD, Api, make_user
from tests.samples import upload
from workers.accounts import erase_account

pytestmark = pytest.mark.django_db


def delete(user: User) -> None:
    answer = Api().delete("/auth/user/", {"password": PASSWORD}, user=user)
    assert answer.status_code == 204
    for _ in range(2):
        erase_account(user_id=user.id)
    work_off()


@pytest.fixture
def booking(accountant: User, client_user: User) -> Booking:
    made = make_booking(
        make_service(accountant),
        client_user,
        full_name="Amina",
        linkedin_url="https://linkedin.com/in/amina",
        additional_notes="Call me at home",
    )
    work_off()
    return made


def test_a22_the_requester_leaves(booking: Booking, client_user: User, accountant: User) -> None:
    delete(client_user)
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("declined", "withdrawn")
    assert (booking.full_name, booking.linkedin_url, booking.additional_notes) == ("Deleted user", "", "")
    assert told(accountant)[-1][0] == "booking_declined"


def test_a22_the_name_goes_from_what_the_owner_was_told(
    booking: Booking, client_user: User, accountant: User
) -> None:
    name = client_user.full_name
    Booking.objects.filter(id=booking.id).update(reminded_at=timezone.now())
    announce_booking(booking_id=booking.id, event="reminder")
    other = make_booking(booking.service, make_user(full_name=name))
    work_off()
    delete(client_user)
    title = booking.service.title
    assert [message for _, _, message, about in told(accountant) if about == booking.id] == [
        f"Deleted user booked your {title} service",
        f"Deleted user is still waiting for your answer: {title}",
        f"Deleted user withdrew the booking for {title}",
    ]
    [(_, _, message, _)] = [news for news in told(accountant) if news[3] == other.id]
    assert message == f"{name} booked your {title} service"


def test_a22_the_owner_leaves(booking: Booking, client_user: User, accountant: User) -> None:
    delete(accountant)
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("declined", "owner")
    assert booking.full_name == "Amina"
    assert [kind for kind, *_ in told(client_user)] == ["booking_declined"]
    assert not Notification.objects.filter(user=accountant).exists()


def test_a22_what_was_decided_stays_decided(booking: Booking, client_user: User, accountant: User) -> None:
    accept_booking(actor=accountant, booking_id=booking.id)
    delete(client_user)
    booking.refresh_from_db()
    assert (booking.status, booking.full_name) == ("confirmed", "Deleted user")
    assert not Job.objects.filter(name="bookings.announce", state="pending").exists()


def test_a22_the_requesters_cvs_go_with_the_account(booking: Booking, client_user: User) -> None:
    for name in ("a.txt", "b.txt"):
        cv = CvChange(check_upload(upload(name, b"My life"), Purpose.BOOKING_CV))
        update_booking(actor=client_user, booking_id=booking.id, texts={}, cv=cv)
    booking.refresh_from_db()
    assert booking.cv_id is not None
    assert booking.sent_cv_id is not None
    delete(client_user)
    booking.refresh_from_db()
    assert (booking.cv, booking.sent_cv) == (None, None)
