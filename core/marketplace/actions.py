"""The writes of services."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.accounts.locks import hold_account
from core.accounts.models import User
from core.errors import Invalid, NotFound
from core.files.acceptance import CheckedUpload
from core.files.actions import attach_files, store_upload
from core.files.models import StoredFile
from core.marketplace.locks import locked
from core.marketplace.models import Category, Service, ServiceAttachment, ServiceType
from core.marketplace.queries import active_categories, require_own_service
from core.marketplace.visibility import type_made_by

NO_CATEGORY = "At least one category must be selected."
BAD_CATEGORY = "One or more selected categories are invalid or inactive."
COURSE_BY_OTHERS = "Only accountants can create courses."
_ONLY_NEEDED = ("tasks_and_responsibilities", "conditions_requirements")


class ServiceDetails(TypedDict, total=False):
    """What an owner says of a service, under the names of its columns."""

    title: str
    description: str
    location: str
    price: Decimal | None
    price_description: str
    estimated_duration: int
    duration_unit: str
    estimated_duration_description: str
    delivery_method: str
    tasks_and_responsibilities: list[str]
    conditions_requirements: list[str]


def create_service(
    *,
    actor: User,
    details: ServiceDetails,
    categories: Sequence[UUID],
    is_course: bool = False,
    attachments: Sequence[CheckedUpload] = (),
) -> UUID:
    """A new service of the type the actor's role makes; its id. Forbidden, Invalid or InactiveAccount."""
    service = Service(user=actor, service_type=type_made_by(actor), is_course=is_course)
    if is_course and service.service_type != ServiceType.OFFERED:
        raise Invalid(is_course=COURSE_BY_OTHERS)
    chosen = _categories(categories)
    files = [store_upload(owner=actor, upload=upload) for upload in attachments]
    with transaction.atomic():
        hold_account(actor)
        _assign(service, details)
        service.save(force_insert=True)
        service.categories.set(chosen)
        _attach(service, files)
    return service.id


def update_service(
    *,
    actor: User,
    service_id: UUID,
    details: ServiceDetails,
    categories: Sequence[UUID] | None = None,
    attachments: Sequence[CheckedUpload] | None = None,
) -> None:
    """Change one's own active service; attachments replace all there are. NotFound, Invalid."""
    require_own_service(actor, service_id)
    chosen = None if categories is None else _categories(categories)
    files = [store_upload(owner=actor, upload=upload) for upload in attachments or ()]
    with transaction.atomic():
        service = _own(actor, service_id)
        _assign(service, details)
        service.save(update_fields=[*details, "updated_at"])
        if chosen is not None:
            service.categories.set(chosen)
        if attachments is not None:
            service.attachments.all().delete()
            _attach(service, files)


@transaction.atomic
def delete_service(*, actor: User, service_id: UUID) -> None:
    """Take one's own service off the market for good; its files are deleted. NotFound."""
    _retire(_own(actor, service_id))


@transaction.atomic
def deactivate_service(*, service_id: UUID) -> bool:
    """Take anybody's service off the market: for administrators. Whether that changed anything."""
    found = locked(Service.objects.filter(id=service_id, is_active=True))
    for service in found:
        _retire(service)
    return bool(found)


@transaction.atomic
def feature_services(*, ids: Sequence[UUID], is_featured: bool) -> list[UUID]:
    """Feature services or cease to: for administrators. Those that changed."""
    chosen = locked(Service.objects.filter(id__in=ids).exclude(is_featured=is_featured))
    changed = [service.id for service in chosen]
    Service.objects.filter(id__in=changed).update(is_featured=is_featured, updated_at=timezone.now())
    return changed


@transaction.atomic
def erase_for(*, user_id: UUID) -> None:
    """Take every service of a deleted account off the market."""
    for service in locked(Service.objects.filter(user_id=user_id, is_active=True)):
        _retire(service)


def _retire(service: Service) -> None:
    service.is_active = False
    service.save(update_fields=["is_active", "updated_at"])
    service.attachments.all().delete()


def _own(actor: User, service_id: UUID) -> Service:
    """One's own active service, locked, or NotFound."""
    found = locked(Service.objects.filter(id=service_id, user=actor, is_active=True))
    if not found:
        raise NotFound
    return found[0]


def _assign(service: Service, details: ServiceDetails) -> None:
    for name, value in details.items():
        if service.service_type == ServiceType.NEEDED or name not in _ONLY_NEEDED:
            setattr(service, name, value)


def _categories(ids: Sequence[UUID]) -> list[Category]:
    if not ids:
        raise Invalid(categories=NO_CATEGORY)
    found = list(active_categories().filter(id__in=ids))
    if len(found) != len(set(ids)):
        raise Invalid(categories=BAD_CATEGORY)
    return found


def _attach(service: Service, files: Sequence[StoredFile]) -> None:
    ServiceAttachment.objects.bulk_create(
        ServiceAttachment(service=service, file=file, position=position)
        for position, file in enumerate(files)
    )
    attach_files(files)
