"""PUT and PATCH /bookings/{id}/update/: decisions C5, C6, C8 and C12."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import User
from core.bookings.actions.decide import accept_booking
from core.bookings.models import Booking
from core.files.models import StoredFile
from core.marketplace.models import Service
from tests.booked import make_booking, told, work_off
from tests.cast import Api

pytestmark = pytest.mark.django_db
each_method = pytest.mark.parametrize("method", ["PUT", "PATCH"])
NOT_OWNER = ["Only the service owner can confirm or decline."]


def update(api: Api, booking: Booking, user: User | None, changes: Any, method: str = "PATCH") -> Any:
    return api.request(method, f"/bookings/{booking.id}/update/", changes, user=user)


def a_cv(text: bytes = b"My life") -> SimpleUploadedFile:
    return SimpleUploadedFile("cv.txt", text, "text/plain")


@each_method
def test_both_parties_change_the_information(
    api: Api, booking: Booking, client_user: User, accountant: User, method: str
) -> None:
    for user, name in ((client_user, "Mouna"), (accountant, "منى")):
        answer = update(api, booking, user, {"full_name": name}, method)
        assert (answer.status_code, answer.json()["full_name"]) == (200, name)
        assert answer.json()["status"] == "pending"
        assert answer.json() == api.get(f"/bookings/{booking.id}/", user=user).json()


@each_method
def test_what_is_left_out_stays(api: Api, offered: Service, client_user: User, method: str) -> None:
    details = {"linkedin_url": "https://linkedin.com/in/a", "additional_notes": "Notes"}
    booking = make_booking(offered, client_user, **details)
    found = update(api, booking, client_user, {"full_name": "New"}, method).json()
    assert details.items() <= found.items()
    cleared = {"linkedin_url": None, "additional_notes": ""}
    found = update(api, booking, client_user, cleared, method).json()
    assert (found["full_name"], found["linkedin_url"], found["additional_notes"]) == (
        "New",
        None,
        "",
    )


@each_method
def test_another_cv_by_form(api: Api, booking: Booking, client_user: User, method: str) -> None:
    first = update(api, booking, client_user, {"cv_file": a_cv()}, method).json()["cv_file"]
    second = update(api, booking, client_user, {"cv_file": a_cv(b"2")}, method).json()["cv_file"]
    assert first.startswith("/media/booking_cvs/")
    assert first != second
    kept = update(api, booking, client_user, {"full_name": "Same"}, method).json()["cv_file"]
    assert kept == second
    gone = update(api, booking, client_user, {"cv_file": None}, method).json()["cv_file"]
    assert gone is None


def test_nothing_to_change(api: Api, booking: Booking, client_user: User) -> None:
    before = api.get(f"/bookings/{booking.id}/", user=client_user).json()
    assert update(api, booking, client_user, {}).json() == before


@each_method
@pytest.mark.parametrize("status", ["confirmed", "declined"])
def test_c8_status_is_set_and_told_as_by_accept_and_decline(
    api: Api, booking: Booking, accountant: User, client_user: User, method: str, status: str
) -> None:
    changes = {"status": status, "additional_notes": "See you"}
    found = update(api, booking, accountant, changes, method)
    assert found.status_code == 200
    assert changes.items() <= found.json().items()
    work_off()
    kind = {"confirmed": "booking_accepted", "declined": "booking_declined"}[status]
    text = f"Your booking for Tax Preparation has been {status}"
    ((told_kind, _, message, about),) = told(client_user)
    assert (told_kind, message, about) == (kind, text, booking.id)


def test_c5_every_error_is_told_at_once(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    accept_booking(actor=accountant, booking_id=booking.id)
    changes = {"status": "declined", "full_name": " ", "linkedin_url": "x", "cv_file": "text"}
    answer = update(api, booking, client_user, changes)
    assert answer.status_code == 400
    assert answer.json() == {
        "status": ["Cannot transition from confirmed to declined."],
        "full_name": ["This field may not be blank."],
        "linkedin_url": ["Enter a valid URL."],
        "cv_file": ["The submitted data was not a file. Check the encoding type on the form."],
        "non_field_errors": NOT_OWNER,
    }


def test_c5_a_refused_update_changes_nothing(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    changes = {"status": "confirmed", "full_name": "Changed", "cv_file": a_cv()}
    answer = update(api, booking, client_user, changes)
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": NOT_OWNER})
    booking.refresh_from_db()
    assert (booking.status, booking.full_name, booking.cv) == ("pending", "John Doe", None)
    assert not StoredFile.objects.filter(attached_at__isnull=False).exists()
    work_off()
    assert told(client_user) == []


@pytest.mark.parametrize("status", ["pending", "confirmed", "declined"])
def test_final_states_allow_no_transition(api: Api, booking: Booking, accountant: User, status: str) -> None:
    accept_booking(actor=accountant, booking_id=booking.id)
    answer = update(api, booking, accountant, {"status": status})
    assert answer.status_code == 400
    assert answer.json() == {"status": [f"Cannot transition from confirmed to {status}."]}


def test_pending_is_no_decision(api: Api, booking: Booking, accountant: User) -> None:
    answer = update(api, booking, accountant, {"status": "pending"})
    assert answer.json() == {"status": ["Cannot transition from pending to pending."]}


def test_c12_the_information_of_a_decided_booking_may_change(
    api: Api, booking: Booking, accountant: User, client_user: User
) -> None:
    accept_booking(actor=accountant, booking_id=booking.id)
    for user in (accountant, client_user):
        answer = update(api, booking, user, {"additional_notes": user.full_name})
        assert (answer.status_code, answer.json()["additional_notes"]) == (200, user.full_name)


@each_method
def test_c6_a_stranger_is_forbidden_whatever_is_sent(
    api: Api, booking: Booking, stranger: User, admin_user: User, method: str
) -> None:
    for user in (stranger, admin_user):
        for changes in ({"full_name": "Mine"}, {"full_name": 5}, {}):
            answer = update(api, booking, user, changes, method)
            assert answer.status_code == 403
            assert answer.json() == {"detail": "You do not have permission to perform this action."}


def test_unknown_anonymous_and_malformed_ids(api: Api, booking: Booking, client_user: User) -> None:
    for booking_id in (uuid4(), "no-uuid"):
        answer = api.patch(f"/bookings/{booking_id}/update/", {}, user=client_user)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert update(api, booking, None, {}).status_code == 401


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("status", "done"), ("status", None), ("status", 1), ("status", ["confirmed"]),
        ("full_name", ""), ("full_name", "x" * 256), ("full_name", None),
        ("linkedin_url", "ftp://a.dz/x"), ("additional_notes", "\x00"),
    ],
)  # fmt: skip
def test_malformed(api: Api, booking: Booking, accountant: User, field: str, bad: object) -> None:
    answer = update(api, booking, accountant, {field: bad})
    assert (answer.status_code, list(answer.json())) == (400, [field])
