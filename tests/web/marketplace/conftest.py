"""What the tests of the marketplace share."""

from datetime import UTC, datetime

import pytest

from core.accounts.models import User
from core.marketplace.models import Service
from tests.browsing import feature
from tests.services import category, make_service
from tests.stores import file_system

__all__ = ["file_system"]


@pytest.fixture
def market(accountant: User) -> list[Service]:
    """Three offered services that differ in everything that can be filtered."""
    one = make_service(
        accountant,
        title="one",
        location="16",
        price=100,
        estimated_duration=1,
        duration_unit="hours",
        categories=[category("Auditing")],
    )
    two = make_service(
        accountant,
        title="two",
        location="31",
        price=500,
        estimated_duration=5,
        duration_unit="days",
        categories=[category("Accounting"), category("Auditing")],
    )
    three = make_service(
        accountant,
        title="three",
        location="online",
        estimated_duration=9,
        duration_unit="weeks",
        categories=[category("Bookkeeping")],
    )
    feature(two, is_featured=True, created_at=datetime(2025, 6, 15, 23, 59, 59, 999999, UTC))
    feature(one, created_at=datetime(2025, 6, 15, tzinfo=UTC))
    feature(three, created_at=datetime(2025, 6, 16, tzinfo=UTC))
    return [one, two, three]
