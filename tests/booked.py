"""Services and bookings of the tests, and the carrying out of jobs."""

from typing import Any
from uuid import UUID

from core.accounts.models import User
from core.bookings.actions.create import Details, create_booking
from core.bookings.models import Booking
from core.jobs import outbox
from core.marketplace.models import Service
from tests import services
from workers import bookings as _register_tasks  # noqa: F401
from workers.task import RUNS


def make_service(owner: User, **details: Any) -> Service:
    """A listed service with a price and a category."""
    return services.make_service(owner, **{"title": "Tax Preparation", "price": "500.00"} | details)


def make_booking(service: Service, requester: User, **details: str) -> Booking:
    """A pending booking, made as the API makes it."""
    details.setdefault("full_name", "John Doe")
    made = create_booking(actor=requester, service_id=service.id, details=Details(**details))
    return Booking.objects.get(id=made.booking_id)


def work_off() -> list[tuple[str, str]]:
    """Carry out the due jobs of bookings, as relay and workers do; names and outcomes."""
    done: list[tuple[str, str]] = []
    while jobs := [job for job in outbox.claim_due() if job.name.startswith("bookings.")]:
        done += [(job.name, RUNS[job.name].deliver(job.id).value) for job in jobs]
    return done


def told(user: User) -> list[tuple[str, str, str, UUID]]:
    """What a person was told, in order: type, title, message and the object's id."""
    rows = user.notifications.order_by("created_at", "id")
    return list(rows.values_list("notification_type", "title", "message", "related_object_id"))
