"""POST /bookings/create/: decisions C1 to C4 and C15."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.actions.status import suspend_account
from core.accounts.models import User
from core.bookings.models import Booking
from core.files.models import StoredFile
from core.jobs.models import Job
from core.marketplace.models import Service
from tests.booked import make_service
from tests.cast import Api, make_user

pytestmark = pytest.mark.django_db
PATH = "/bookings/create/"
U9 = {
    "pk", "email", "full_name", "user_type", "phone", "is_email_verified", "account_status",
    "created_at", "updated_at",
}  # fmt: skip
SERVICE = {
    "id", "user", "service_type", "is_course", "title", "description", "categories", "price",
    "estimated_duration", "duration_unit", "delivery_method", "location", "is_active",
    "is_featured", "created_at", "updated_at",
}  # fmt: skip
DETAIL = {
    "booking_id", "client", "accountant", "service", "full_name", "linkedin_url", "cv_file",
    "additional_notes", "status", "created_at", "updated_at",
}  # fmt: skip
REQUIRED = ["This field is required."]


def body(service: Service, **fields: Any) -> dict[str, Any]:
    return {"service": str(service.id), "full_name": "John Doe"} | fields


def a_cv(name: str = "cv.pdf", content: bytes = b"%PDF-1.4\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_client_books_an_offered_service(api: Api, client_user: User, offered: Service) -> None:
    sent = body(offered, linkedin_url="https://linkedin.com/in/johndoe", additional_notes="Hello")
    answer = api.post(PATH, sent, user=client_user)
    assert answer.status_code == 201
    found = answer.json()
    assert found["client"]["pk"] == str(client_user.id)
    assert found["accountant"]["pk"] == str(offered.user_id)
    assert (found["full_name"], found["status"]) == ("John Doe", "pending")
    assert found["linkedin_url"] == "https://linkedin.com/in/johndoe"
    assert (found["additional_notes"], found["cv_file"]) == ("Hello", None)


def test_an_academic_books_a_course(api: Api, academic: User, course: Service) -> None:
    found = api.post(PATH, body(course), user=academic).json()
    assert found["client"]["pk"] == str(academic.id)
    assert found["service"]["is_course"] is True


def test_an_accountant_proposes_to_a_needed_service(
    api: Api, accountant: User, client_user: User, needed: Service
) -> None:
    answer = api.post(PATH, body(needed), user=accountant)
    assert answer.status_code == 201
    found = answer.json()
    assert found["client"]["pk"] == str(client_user.id)
    assert found["accountant"]["pk"] == str(accountant.id)


def test_c4_the_answer_is_the_full_detail(api: Api, client_user: User, offered: Service) -> None:
    found = api.post(PATH, body(offered), user=client_user).json()
    assert set(found) >= DETAIL
    assert set(found["client"]) == set(found["accountant"]) == U9
    assert set(found["service"]) == SERVICE
    assert set(found["service"]["user"]) == {"pk", "email", "full_name", "user_type"}
    assert found["service"]["price"] == "500.00"
    (category,) = found["service"]["categories"]
    assert category["name"] == "Tax Preparation"
    same = api.get(f"/bookings/{found['booking_id']}/", user=client_user).json()
    assert same == found


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/json", None])
def test_c1_json_and_forms_are_both_taken(
    api: Api, client_user: User, offered: Service, content_type: str | None
) -> None:
    if content_type is None:
        raw = f"service={offered.id}&full_name=Am%C3%AEna".encode()
        options = {"raw": raw, "content_type": "application/x-www-form-urlencoded"}
    elif content_type == "application/json":
        options = {"raw": json.dumps(body(offered, full_name="Amîna")).encode()}
    else:
        options = {}
    sent = body(offered, full_name="Amîna", cv_file=a_cv())
    answer = api.post(PATH, sent, user=client_user, **options)
    assert answer.status_code == 201
    assert answer.json()["full_name"] == "Amîna"


def test_a_cv_is_stored_and_signed(api: Api, client_user: User, offered: Service) -> None:
    found = api.post(PATH, body(offered, cv_file=a_cv()), user=client_user).json()
    stored = StoredFile.objects.get()
    assert found["cv_file"].startswith(f"/media/booking_cvs/{stored.id.hex}.pdf?")
    assert "signature=" in found["cv_file"]
    assert found["cv_file_state"] == "pending"
    assert stored.attached_at is not None
    assert Job.objects.filter(name="files.process_file").count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("cv.exe", b"MZ"), ("cv.pdf", b"<html>"), ("cv.pdf", b""), ("cv.svg", b"<svg/>")],
)
def test_a_bad_cv_is_refused(
    api: Api, client_user: User, offered: Service, name: str, content: bytes
) -> None:
    answer = api.post(PATH, body(offered, cv_file=a_cv(name, content)), user=client_user)
    assert (answer.status_code, list(answer.json())) == (400, ["cv_file"])
    assert not Booking.objects.exists()


def test_a_text_is_no_file(api: Api, client_user: User, offered: Service) -> None:
    answer = api.post(PATH, body(offered, cv_file="file_upload"), user=client_user)
    assert (answer.status_code, list(answer.json())) == (400, ["cv_file"])


def test_missing(api: Api, client_user: User) -> None:
    answer = api.post(PATH, {}, user=client_user)
    assert (answer.status_code, answer.json()) == (
        400,
        {"service": REQUIRED, "full_name": REQUIRED},
    )


def test_anonymous(api: Api, offered: Service) -> None:
    answer = api.post(PATH, body(offered))
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_the_role_and_the_fields_are_told_together(api: Api, academic: User, offered: Service) -> None:
    sent = {"service": str(offered.id), "linkedin_url": "nowhere"}
    answer = api.post(PATH, sent, user=academic)
    assert answer.status_code == 400
    assert answer.json() == {
        "full_name": REQUIRED,
        "linkedin_url": ["Enter a valid URL."],
        "non_field_errors": ["Only a client can book an offered service."],
    }


@pytest.mark.parametrize(
    ("kind", "role", "message"),
    [
        ("offered", "academic", "Only a client can book an offered service."),
        ("offered", "accountant", "Only a client can book an offered service."),
        ("offered", "admin", "Only a client can book an offered service."),
        ("course", "client", "Only academics can book courses."),
        ("course", "accountant", "Only academics can book courses."),
        ("course", "admin", "Only academics can book courses."),
        ("needed", "client", "Only an accountant can propose to a needed service."),
        ("needed", "academic", "Only an accountant can propose to a needed service."),
        ("needed", "admin", "Only an accountant can propose to a needed service."),
    ],
)
def test_the_wrong_role(api: Api, request: pytest.FixtureRequest, kind: str, role: str, message: str) -> None:
    service: Service = request.getfixturevalue(kind)
    answer = api.post(PATH, body(service), user=make_user(role))
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [message]})
    assert not Booking.objects.exists()


@pytest.mark.parametrize("kind", ["offered", "course"])
def test_c2_ones_own_offered_service(
    api: Api, request: pytest.FixtureRequest, accountant: User, kind: str
) -> None:
    """An accountant has the wrong role too: ownership is told first."""
    answer = api.post(PATH, body(request.getfixturevalue(kind)), user=accountant)
    assert answer.status_code == 403
    assert answer.json() == {"detail": "You cannot book your own service."}


def test_c2_ones_own_needed_service(api: Api, client_user: User, needed: Service) -> None:
    for sent in (body(needed), {"service": str(needed.id)}):
        answer = api.post(PATH, sent, user=client_user)
        assert answer.status_code == 403
        assert answer.json() == {"detail": "You cannot propose to your own needed service."}


@pytest.mark.parametrize("state", ["unknown", "deleted", "suspended"])
def test_c3_a_service_that_is_not_there(api: Api, client_user: User, state: str) -> None:
    owner = make_user("accountant")
    service = make_service(owner)
    if state == "deleted":
        Service.objects.update(is_active=False)
    if state == "suspended":
        suspend_account(user_id=owner.id)
    service_id = uuid4() if state == "unknown" else service.id
    answer = api.post(PATH, {"service": str(service_id), "full_name": "A"}, user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {"service": [f'Invalid pk "{service_id}" - object does not exist.']}


_LONG_URL = "https://a.dz/" + "x" * 500
_BAD: dict[str, tuple[object, ...]] = {
    "full_name": ("", "   ", "x" * 256, None, 5, ["a"], "a\x00", "\udcff"),
    "linkedin_url": ("x", "javascript:alert(1)", "https://", _LONG_URL, 5, "ht\x00tps://a.dz"),
    "additional_notes": ("x" * 10_001, 5, {}, "\x00"),
    "service": ("", "no-uuid", 5, None, []),
}


@pytest.mark.parametrize(("field", "bad"), [(name, bad) for name in _BAD for bad in _BAD[name]])
def test_c15_malformed(api: Api, client_user: User, offered: Service, field: str, bad: object) -> None:
    answer = api.post(PATH, body(offered) | {field: bad}, user=client_user)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Booking.objects.exists()


@pytest.mark.parametrize("empty", ["", None])
def test_optional_texts_may_be_empty(
    api: Api, client_user: User, offered: Service, empty: str | None
) -> None:
    sent = body(offered, linkedin_url=empty, additional_notes=empty, cv_file=empty)
    found = api.post(PATH, sent, user=client_user).json()
    assert (found["linkedin_url"], found["additional_notes"], found["cv_file"]) == (None, "", None)


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"x"', b"\xff", b"{" * 100_000])
def test_not_an_object(api: Api, client_user: User, raw: bytes) -> None:
    answer = api.post(PATH, raw=raw, user=client_user)
    assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])
