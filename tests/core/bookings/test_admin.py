"""Bookings and notifications in the admin: decision F7."""

import pytest
from django.test import Client

from core.accounts.models import User
from core.bookings.models import Booking
from core.notifications.models import Notification
from tests.booked import make_booking, make_service, told, work_off

pytestmark = pytest.mark.django_db
LIST = "/admin/bookings/booking/"


@pytest.fixture
def booking(accountant: User, client_user: User) -> Booking:
    made = make_booking(make_service(accountant), client_user)
    work_off()
    return made


def test_f7_bookings_are_listed_found_and_shown(admin: Client, booking: Booking) -> None:
    for query in ("", "?status__exact=pending", f"?q={booking.id}", "?q=Tax", "?q=nobody"):
        answer = admin.get(LIST + query)
        assert answer.status_code == 200
        assert (str(booking.id) in answer.content.decode()) == ("nobody" not in query)
    assert admin.get(f"{LIST}{booking.id}/change/").status_code == 200


def test_f7_a_status_is_not_typed_in(admin: Client, booking: Booking) -> None:
    sent = {"status": "confirmed", "full_name": "X"}
    assert admin.post(f"{LIST}{booking.id}/change/", sent).status_code == 403
    booking.refresh_from_db()
    assert (booking.status, booking.full_name) == ("pending", "John Doe")
    assert admin.get(f"{LIST}add/").status_code == 403
    assert admin.post(f"{LIST}{booking.id}/delete/").status_code == 403


def test_f7_an_administrator_declines(admin: Client, booking: Booking, client_user: User) -> None:
    for _ in range(2):
        admin.post(LIST, {"action": "decline", "_selected_action": [str(booking.id)]})
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("declined", "owner")
    work_off()
    assert [kind for kind, *_ in told(client_user)] == ["booking_declined"]


def test_f7_notifications_are_shown_and_not_changed(admin: Client, booking: Booking) -> None:
    notification = Notification.objects.get()
    listed = "/admin/notifications/notification/"
    assert "New Booking Request" in admin.get(listed).content.decode()
    assert admin.get(f"{listed}{notification.id}/change/").status_code == 200
    assert admin.post(f"{listed}{notification.id}/delete/").status_code == 403
    assert admin.get(f"{listed}add/").status_code == 403


def test_f7_others_stay_outside(booking: Booking, client_user: User) -> None:
    client = Client()
    client.force_login(client_user)
    assert client.get(LIST).status_code == 302
