"""Services for tests, made by the same action as over the API."""

from typing import Any, cast
from uuid import UUID

from core.accounts.models import User
from core.marketplace.actions import ServiceDetails, create_service
from core.marketplace.models import Category, Service


def category(name: str = "Tax Preparation") -> Category:
    """A category by name; new if there is none."""
    return Category.objects.get_or_create(name=name)[0]


def make_service(
    owner: User, *, categories: list[Category] | None = None, is_course: bool = False, **details: Any
) -> Service:
    """A service of its owner's role."""
    details.setdefault("title", "Tax declaration")
    details.setdefault("description", "Monthly declarations for companies.")
    ids: list[UUID] = [one.id for one in categories or [category()]]
    service_id = create_service(
        actor=owner,
        details=cast("ServiceDetails", details),
        categories=ids,
        is_course=is_course,
    )
    return Service.objects.get(id=service_id)
