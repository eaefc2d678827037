"""F2 for accept and decline: what is no id is answered in their own words."""

import pytest

from core.accounts.models import User
from tests.cast import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", ["accept", "decline"])
@pytest.mark.parametrize("booking_id", ["abc", "5", "6f1c1c52-64c5-4d0a-9a4e-3f0d7f2b8a11"])
def test_f2_unknown_and_malformed_alike(api: Api, accountant: User, verb: str, booking_id: str) -> None:
    answer = api.post(f"/bookings/{booking_id}/{verb}/", user=accountant)
    assert (answer.status_code, answer.json()) == (404, {"error": "Booking not found"})
