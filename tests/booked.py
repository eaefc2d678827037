"""Services and bookings of the tests, and the carrying out of jobs."""

from typing import Any
from uuid import UUID

from core.accounts.models import User
from core.bookings.actions.create import Details, create_booking
from core.bookings.models import Booking
from core.jobs import outbox
from core.marketplace.models import Category, Service
from workers import bookings as _register_tasks  # noqa: F401
from workers.task import RUNS


def make_service(user: User, *, is_course: bool = False, **fields: Any) -> Service:
    """A listed service: needed by a client, offered by anyone else."""
    fields.setdefault("title", "Tax Preparation")
    fields.setdefault("service_type", "needed" if user.user_type == "client" else "offered")
    service = Service.objects.create(
        user=user, is_course=is_course, description="In full.", price="500.00", **fields
    )
    service.categories.add(Category.objects.get_or_create(name="Tax Preparation")[0])
    return service


def make_booking(service: Service, requester: User, **details: str) -> Booking:
    """A pending booking, made as the API makes it."""
    details.setdefault("full_name", "John Doe")
    made = create_booking(actor=requester, service_id=service.id, details=Details(**details))
    return Booking.objects.get(id=made.booking_id)


def work_off() -> list[tuple[str, str]]:
    """Carry out the due jobs that have a task here, as relay and workers do; names and outcomes."""
    done: list[tuple[str, str]] = []
    while jobs := [job for job in outbox.claim_due() if job.name in RUNS]:
        done += [(job.name, RUNS[job.name].deliver(job.id).value) for job in jobs]
    return done


def told(user: User) -> list[tuple[str, str, str, UUID]]:
    """What a person was told, in order: type, title, message and the object's id."""
    rows = user.notifications.order_by("created_at", "id")
    return list(rows.values_list("notification_type", "title", "message", "related_object_id"))
