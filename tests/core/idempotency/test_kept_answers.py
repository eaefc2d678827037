"""Answers kept under an Idempotency-Key, once somebody they name has left: decision A22."""

from typing import Any

import pytest

from core.accounts.models import User
from core.idempotency.models import Claim
from core.marketplace.models import Service
from tests.booked import make_service
from tests.cast import PASSWORD, Api, make_user
from workers.accounts import erase_account

pytestmark = pytest.mark.django_db


def delete(user: User) -> None:
    answer = Api().delete("/auth/user/", {"password": PASSWORD}, user=user)
    assert answer.status_code == 204
    erase_account(user_id=user.id)


def book(user: User, service: Service, key: str) -> Any:
    sent = {"service": str(service.id), "full_name": "Amina B."}
    answer = Api().post("/bookings/create/", sent, user=user, Idempotency_Key=key)
    assert answer.status_code == 201
    return answer


def test_a22_the_other_partys_answer_is_what_is_left(client_user: User, accountant: User) -> None:
    service, email = make_service(accountant), accountant.email
    first = book(client_user, service, "one").json()
    book(client_user, make_service(make_user("accountant")), "two")
    delete(accountant)
    kept = dict(Claim.objects.values_list("key", "answer_body"))
    assert kept["one"] is None
    assert kept["two"] is not None
    again = book(client_user, service, "one")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json()["booking_id"] == first["booking_id"]
    assert email not in again.content.decode()


def test_a22_ones_own_answers_are_deleted(client_user: User, accountant: User) -> None:
    book(client_user, make_service(accountant), "one")
    delete(client_user)
    assert not Claim.objects.exists()
