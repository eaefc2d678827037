"""Fixtures every test may use."""

import re
import signal
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import HealthCheck, settings

from core.accounts.models import User
from tests.cast import Api, make_user

# In the background of a script it would be ignored, and by every process that is started here too.
signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile(
    "tests",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("tests")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def pytest_make_parametrize_id(val: object) -> str | None:
    """A random id is named alike in every process that collects the tests."""
    text = str(val) if isinstance(val, str | UUID) else ""
    return _UUID.sub("uuid", text) if _UUID.search(text) else None


LONG_FIRST = ("e2e/test_chaos", "e2e/", "security/", "local/", "workers/", "realtime/")
"""What waits and what starts processes begins a run: short tests fill the gaps at its end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((at for at, start in enumerate(LONG_FIRST) if path.startswith(start)), len(LONG_FIRST))

    items.sort(key=place)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def first_categories(db: None) -> None:
    """Those of a new installation, whichever test emptied the database before."""
    import_module("core.marketplace.migrations.0003_categories").seed(apps, None)


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
