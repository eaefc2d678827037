"""A service of each kind, and a booking of the plain one."""

import pytest

from core.accounts.models import User
from core.bookings.models import Booking
from core.marketplace.models import Service
from tests.booked import make_booking, make_service
from tests.stores import file_system

__all__ = ["file_system"]


@pytest.fixture
def offered(accountant: User) -> Service:
    return make_service(accountant)


@pytest.fixture
def course(accountant: User) -> Service:
    return make_service(accountant, is_course=True, title="Accounting Fundamentals")


@pytest.fixture
def needed(client_user: User) -> Service:
    return make_service(client_user, title="Yearly Balance")


@pytest.fixture
def booking(offered: Service, client_user: User) -> Booking:
    return make_booking(offered, client_user)
