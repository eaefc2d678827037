"""Whose it is comes before what was sent: decisions B1, B16 and C6."""

from uuid import uuid4

import pytest

from core.accounts.models import User
from tests.booked import make_booking, make_service
from tests.cast import Api, make_user

pytestmark = pytest.mark.django_db
BAD_BODIES = [b"{", b"[]", b'{"title": 5, "full_name": 5, "phone": 5, "status": 5}']
NOT_FOUND = (404, {"detail": "Not found."})


@pytest.mark.parametrize("body", BAD_BODIES)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_b16_anothers_service(
    api: Api, client_user: User, accountant: User, method: str, body: bytes
) -> None:
    theirs = make_service(accountant)
    for service_id in (theirs.id, uuid4(), "x"):
        answer = api.request(method, f"/services/{service_id}/update/", raw=body, user=client_user)
        assert (answer.status_code, answer.json()) == NOT_FOUND
    answer = api.request(method, f"/services/{theirs.id}/update/", raw=body, user=accountant)
    assert answer.status_code == 400


@pytest.mark.parametrize("body", BAD_BODIES)
def test_b1_profile_of_an_admin(api: Api, client_user: User, body: bytes) -> None:
    answer = api.request("PATCH", "/profiles/me/", raw=body, user=make_user("admin"))
    assert (answer.status_code, answer.json()) == NOT_FOUND
    assert api.request("PATCH", "/profiles/me/", raw=body, user=client_user).status_code == 400


@pytest.mark.parametrize("body", BAD_BODIES)
def test_c6_anothers_booking(api: Api, client_user: User, accountant: User, body: bytes) -> None:
    path = f"/bookings/{make_booking(make_service(accountant), client_user).id}/update/"
    assert api.request("PATCH", path, raw=body, user=make_user("client")).status_code == 403
    assert api.request("PATCH", path, raw=body, user=client_user).status_code == 400
    for booking_id in (uuid4(), "x"):
        unknown = f"/bookings/{booking_id}/update/"
        answer = api.request("PATCH", unknown, raw=body, user=client_user)
        assert (answer.status_code, answer.json()) == NOT_FOUND
