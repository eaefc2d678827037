"""Fixtures of the tests of accounts."""

import pytest
from django.test import Client

from core.accounts.models import User


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    client.force_login(admin_user)
    return client
