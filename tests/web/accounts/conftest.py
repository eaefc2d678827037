"""Fixtures of the tests of identity."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from core.accounts.models import User
from core.accounts.social import calls
from tests import providers as fake
from tests.cast import make_user
from tests.providers import Providers, running_providers


@pytest.fixture
def providers(settings: LazySettings) -> Iterator[Providers]:
    with running_providers() as server:
        settings.GOOGLE_CLIENT_ID = fake.GOOGLE_CLIENT_ID
        settings.GOOGLE_API_URL = f"{server.url}/google"
        settings.FACEBOOK_APP_ID = fake.FACEBOOK_APP_ID
        settings.FACEBOOK_APP_SECRET = fake.FACEBOOK_APP_SECRET
        settings.FACEBOOK_API_URL = f"{server.url}/facebook"
        yield server
        calls.shared_client().close()
        calls._client.cache_clear()


@pytest.fixture
def newcomer(db: None) -> User:
    return make_user(status="inactive", email="new@example.com")
