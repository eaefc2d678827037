"""One product for the whole folder, with stand-ins for Google and Facebook beside it."""

from collections.abc import Iterator

import pytest

from tests import providers as fake
from tests.e2e.harness import Product
from tests.e2e.identity.account import JWT_KEYS, Account, Admin, rows
from tests.providers import Providers, running_providers


@pytest.fixture(scope="package")
def providers() -> Iterator[Providers]:
    with running_providers() as server:
        yield server


@pytest.fixture(scope="package")
def product(providers: Providers) -> Iterator[Product]:
    """Refresh tokens rotate, with a grace of a second, and tests may sign tokens of their own."""
    with Product(
        JWT_KEYS=JWT_KEYS,
        ROTATE_REFRESH_TOKENS="true",
        REFRESH_GRACE="1",
        GOOGLE_CLIENT_ID=fake.GOOGLE_CLIENT_ID,
        GOOGLE_API_URL=f"{providers.url}/google",
        FACEBOOK_APP_ID=fake.FACEBOOK_APP_ID,
        FACEBOOK_APP_SECRET=fake.FACEBOOK_APP_SECRET,
        FACEBOOK_API_URL=f"{providers.url}/facebook",
    ) as product:
        yield product


@pytest.fixture(scope="package")
def admin(product: Product) -> Iterator[Admin]:
    """Somebody logged in to Django's admin."""
    with Account(product, "academic") as account:
        account.register()
    promote = (
        "UPDATE accounts_user SET user_type = 'admin', is_superuser = true, account_status = 'active' "
        "WHERE id = %s RETURNING id"
    )
    assert rows(product, promote, account.id)
    with Admin(product, account.email) as admin:
        yield admin


@pytest.fixture
def account(product: Product) -> Iterator[Account]:
    """A client who has registered and verified."""
    with Account(product) as account:
        yield account.join()


@pytest.fixture
def newcomer(product: Product) -> Iterator[Account]:
    """A client who has registered, no more."""
    with Account(product) as account:
        account.register()
        yield account
