"""The admin's door: wrong tries are capped by account and by address, whatever happens to Valkey."""

from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from core.accounts import limits
from core.accounts.models import User
from tests.cast import PASSWORD, Api

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/?next=/admin/"
TOO_MANY = "Too many requests"
ADDRESS = "41.96.7.1"


@pytest.fixture(autouse=True)
def no_valkey(settings: LazySettings) -> None:
    """The caps stand in PostgreSQL alone."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def try_login(email: str, password: str, address: str = ADDRESS) -> Any:
    body = {"username": email, "password": password}
    return Client().post(LOGIN, body, headers={"X-Forwarded-For": address})


def some_email() -> str:
    return f"{uuid4().hex}@example.com"


def exhaust_address(address: str = ADDRESS) -> None:
    for _ in range(limits.WRONG_ADMIN_LOGINS.most):
        assert try_login(some_email(), "wrong", address).status_code == 200


def refused(answer: Any) -> bool:
    """Whether the answer is the page with the cap's words and when to come back."""
    if answer.status_code != 429:
        return False
    assert TOO_MANY in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 3600
    return True


def test_a6_many_accounts_from_one_address_meet_a_cap(admin_user: User) -> None:
    exhaust_address()
    assert refused(try_login(some_email(), "wrong"))
    assert refused(try_login(admin_user.email, PASSWORD))
    assert try_login(admin_user.email, PASSWORD, "41.96.7.2").status_code == 302


def test_a6_one_account_from_many_addresses_meets_a_cap(admin_user: User) -> None:
    for last in range(limits.WRONG_LOGINS.most):
        assert try_login(admin_user.email, "wrong", f"41.96.8.{last}").status_code == 200
    assert refused(try_login(admin_user.email, "wrong", "41.96.9.1"))
    assert refused(try_login(admin_user.email, PASSWORD, "41.96.9.2"))


def test_a_client_who_names_an_address_is_not_believed(admin_user: User) -> None:
    exhaust_address()
    body = {"username": admin_user.email, "password": PASSWORD}
    lies = {"X-Forwarded-For": f"8.8.8.8, {ADDRESS}", "X-Real-IP": "8.8.4.4"}
    assert refused(Client().post(LOGIN, body, headers=lies))


def test_the_cap_of_the_address_is_not_the_apis(api: Api, client_user: User) -> None:
    exhaust_address(api.address)
    credentials = {"email": client_user.email, "password": PASSWORD}
    assert api.post("/auth/login/", credentials).status_code == 200


def test_right_passwords_count_for_nothing(admin_user: User) -> None:
    for _ in range(limits.WRONG_ADMIN_LOGINS.most + 1):
        assert try_login(admin_user.email, PASSWORD).status_code == 302


def test_the_account_that_is_not_staff_counts_too(client_user: User, admin_user: User) -> None:
    for _ in range(limits.WRONG_ADMIN_LOGINS.most):
        assert try_login(client_user.email, PASSWORD).status_code == 200
    assert refused(try_login(admin_user.email, PASSWORD))


def test_throttles_off_lifts_it(admin_user: User, settings: LazySettings) -> None:
    settings.THROTTLES = False
    exhaust_address()
    assert try_login(admin_user.email, PASSWORD).status_code == 302
