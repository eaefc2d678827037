"""Reads of categories and services. browse.py has the long list."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from core.accounts.models import User
from core.errors import NotFound
from core.files.models import FileState
from core.marketplace import cards
from core.marketplace.models import Category, Service, ServiceAttachment
from core.marketplace.visibility import browsed_by


def active_categories() -> QuerySet[Category]:
    """The categories to choose from, by name."""
    return Category.objects.filter(is_active=True).order_by("name")


def access_category(*, category_id: UUID) -> Category:
    """An active category, or NotFound."""
    category = active_categories().filter(id=category_id).first()
    if category is None:
        raise NotFound
    return category


def all_active(category_ids: Collection[UUID]) -> bool:
    """Whether each of these is an active category."""
    return active_categories().filter(id__in=category_ids).count() == len(set(category_ids))


def active_services_of(user: User) -> QuerySet[Service]:
    """A person's services that weren't deleted, the newest first."""
    return user.services.filter(is_active=True).order_by("-created_at", "-id")


def services_shown_to(viewer: User, *, of: User) -> QuerySet[Service]:
    """A person's services as another's role may browse them; one's own all, the newest first."""
    if viewer == of:
        return active_services_of(of)
    sort = browsed_by(viewer)
    if sort is None:
        return Service.objects.none()
    return active_services_of(of).filter(
        service_type=sort.service_type, is_course=sort.is_course, is_listed=True
    )


def own_services_json(user: User) -> str:
    """`/services/my/` as a JSON array, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(cards.OWN_SERVICES, [user.id])
        return str(cursor.fetchone()[0])


def access_own_service(*, actor: User, service_id: UUID) -> Service:
    """One's own service with all that is shown of it; NotFound if deleted or another's."""
    return _found(_whole().filter(id=service_id, user=actor, is_active=True))


def require_own_service(actor: User, service_id: UUID) -> None:
    """NotFound if the service was deleted or is another's."""
    if not Service.objects.filter(id=service_id, user=actor, is_active=True).exists():
        raise NotFound


def view_service(*, actor: User, service_id: UUID) -> Service:
    """A service as the actor's role may see it, its files but the rejected ones, or NotFound."""
    sort = browsed_by(actor)
    if sort is None:
        raise NotFound
    return _found(
        _whole(exclude=FileState.REJECTED).filter(
            id=service_id,
            service_type=sort.service_type,
            is_course=sort.is_course,
            is_listed=True,
        )
    )


def _whole(*, exclude: FileState | None = None) -> QuerySet[Service]:
    attachments = ServiceAttachment.objects.select_related("file")
    if exclude is not None:
        attachments = attachments.exclude(file__state=exclude)
    return Service.objects.select_related("user").prefetch_related(
        Prefetch("categories", Category.objects.order_by("name")),
        Prefetch("attachments", attachments),
    )


def _found(services: QuerySet[Service]) -> Service:
    service = services.first()
    if service is None:
        raise NotFound
    return service
