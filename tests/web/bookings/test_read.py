"""GET /bookings/ and GET /bookings/{id}/: decisions B12, C6, C13, C14, F2 and F7."""

from uuid import uuid4

import pytest

from core.accounts.models import User
from core.bookings.models import Booking
from core.files.models import FileState, Purpose, StoredFile
from core.marketplace.models import Service
from tests.booked import make_booking, make_service
from tests.cast import Api, make_user
from web.bookings.schemas import BookingCard

pytestmark = pytest.mark.django_db
NOT_FOUND = {"detail": "Not found."}
U4 = {"pk", "email", "full_name", "user_type"}


def ids(answer: object) -> list[str]:
    return [item["booking_id"] for item in answer.json()]  # type: ignore[attr-defined]


def test_the_list_has_the_documented_keys(api: Api, booking: Booking, client_user: User) -> None:
    (item,) = api.get("/bookings/", user=client_user).json()
    assert set(item) == {"booking_id", "service", "client", "accountant", "status", "created_at"}
    assert set(item["service"]) == {
        "id", "user", "service_type", "is_course", "title", "description", "categories", "price",
        "estimated_duration", "duration_unit", "delivery_method", "location", "is_active",
        "created_at",
    }  # fmt: skip
    assert item["service"]["price"] == "500.00"


def test_the_list_agrees_with_its_schema_and_the_detail(
    api: Api, booking: Booking, client_user: User
) -> None:
    """PostgreSQL makes the list: it must say what the schema, and the detail, say."""
    (item,) = api.get("/bookings/", user=client_user).json()
    assert BookingCard.model_validate(item).model_dump(mode="json") == item
    detail = api.get(f"/bookings/{booking.id}/", user=client_user).json()
    assert {name: detail[name] for name in ("booking_id", "status", "created_at")} == {
        name: item[name] for name in ("booking_id", "status", "created_at")
    }
    assert item["service"].items() <= detail["service"].items()


def test_a_service_without_a_price(api: Api, accountant: User, client_user: User) -> None:
    service = make_service(accountant)
    Service.objects.filter(id=service.id).update(price=None)
    made = make_booking(service, client_user)
    assert api.get("/bookings/", user=client_user).json()[0]["service"]["price"] is None
    assert api.get(f"/bookings/{made.id}/", user=client_user).json()["service"]["price"] is None


def test_c13_list_items_name_both_parties(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    (item,) = api.get("/bookings/", user=accountant).json()
    assert set(item["client"]) == set(item["accountant"]) == U4
    assert item["client"]["pk"] == str(client_user.id)
    assert item["accountant"]["pk"] == str(accountant.id)


def test_c14_who_sees_what_newest_first(
    api: Api,
    accountant: User,
    client_user: User,
    academic: User,
    offered: Service,
    course: Service,
    needed: Service,
) -> None:
    booked = str(make_booking(offered, client_user).id)
    taken = str(make_booking(course, academic).id)
    proposed = str(make_booking(needed, accountant).id)
    make_booking(make_service(make_user("accountant")), make_user("client"))
    assert ids(api.get("/bookings/", user=client_user)) == [proposed, booked]
    assert ids(api.get("/bookings/", user=academic)) == [taken]
    assert ids(api.get("/bookings/", user=accountant)) == [proposed, taken, booked]


def test_f7_administrators_have_none(api: Api, booking: Booking, admin_user: User) -> None:
    answer = api.get("/bookings/", user=admin_user)
    assert (answer.status_code, answer.json()) == (200, [])


def test_bookings_of_a_deleted_service_stay(
    api: Api, booking: Booking, client_user: User, offered: Service
) -> None:
    Service.objects.filter(id=offered.id).update(is_active=False)
    (item,) = api.get("/bookings/", user=client_user).json()
    assert item["service"]["is_active"] is False


def test_both_parties_read_the_detail(
    api: Api, booking: Booking, client_user: User, accountant: User
) -> None:
    for user in (client_user, accountant):
        answer = api.get(f"/bookings/{booking.id}/", user=user)
        assert answer.status_code == 200
        assert answer.json()["booking_id"] == str(booking.id)


def test_ids_may_be_in_capitals(api: Api, booking: Booking, client_user: User) -> None:
    path = f"/bookings/{str(booking.id).upper()}/"
    assert api.get(path, user=client_user).status_code == 200


def test_c6_a_stranger_gets_not_found(api: Api, booking: Booking, stranger: User, admin_user: User) -> None:
    for user in (stranger, admin_user):
        answer = api.get(f"/bookings/{booking.id}/", user=user)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_f2_unknown_and_malformed_ids(api: Api, client_user: User) -> None:
    for booking_id in (uuid4(), "no-uuid", "1"):
        answer = api.get(f"/bookings/{booking_id}/", user=client_user)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_anonymous(api: Api, booking: Booking) -> None:
    for path in ("/bookings/", f"/bookings/{booking.id}/"):
        assert api.get(path).status_code == 401


@pytest.mark.parametrize("state", FileState.values)
def test_a_rejected_cv_has_a_reason_and_no_address(
    api: Api, booking: Booking, client_user: User, state: str
) -> None:
    booking.cv = StoredFile.objects.create(
        owner=client_user,
        purpose=Purpose.BOOKING_CV,
        key=f"booking_cvs/{uuid4().hex}.pdf",
        original_name="cv.pdf",
        content_type="application/pdf",
        size=3,
        state=state,
        reason="A bomb." if state == FileState.REJECTED else "",
    )
    booking.save()
    found = api.get(f"/bookings/{booking.id}/", user=client_user).json()
    rejected = state == FileState.REJECTED
    assert (found["cv_file"] is None) == rejected
    assert found["cv_file_state"] == state
    assert found["cv_file_reason"] == ("A bomb." if rejected else "")
