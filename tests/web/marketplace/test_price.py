"""What is said of a price that can't be."""

import pytest

from core.accounts.models import User
from tests.booked import make_service
from tests.cast import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("price", [-0.001, "-0.001", "-1", "-99999999999"])
def test_whatever_is_below_zero_is_told_so(api: Api, accountant: User, price: object) -> None:
    answer = api.patch(f"/services/{make_service(accountant).id}/update/", {"price": price}, user=accountant)
    assert (answer.status_code, answer.json()) == (400, {"price": ["Price cannot be negative."]})
