"""Fixtures of the tests of core."""

import pytest
from django.test import Client

from core.accounts.models import User


@pytest.fixture
def admin(admin_user: User) -> Client:
    """An administrator's browser."""
    browser = Client()
    browser.force_login(admin_user)
    return browser
