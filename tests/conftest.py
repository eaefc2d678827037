"""Fixtures every test may use."""

import pytest

from core.accounts.models import User
from tests.cast import Api, make_user


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def client_user(db: None) -> User:
    return make_user("client", full_name="Amina Client")


@pytest.fixture
def accountant(db: None) -> User:
    return make_user("accountant", full_name="Karim Accountant")


@pytest.fixture
def academic(db: None) -> User:
    return make_user("academic", full_name="Lina Academic")


@pytest.fixture
def admin_user(db: None) -> User:
    return make_user("admin", full_name="Admin", is_superuser=True)


@pytest.fixture
def stranger(db: None) -> User:
    return make_user("client", full_name="Nobody Known")
