"""Services in full, in the shape of their type."""

from typing import Any

from core.marketplace.models import Service, ServiceAttachment, ServiceType
from web.files.schemas import facts_of
from web.marketplace import schemas


def created(service: Service) -> schemas.NewOfferedService:
    """What a creation answers."""
    is_needed = service.service_type == ServiceType.NEEDED
    shape = schemas.NewNeededService if is_needed else schemas.NewOfferedService
    return shape.model_validate(_facts(service))


def in_full(service: Service) -> schemas.NewOfferedService:
    """All of a service that is shown."""
    is_needed = service.service_type == ServiceType.NEEDED
    shape = schemas.NeededService if is_needed else schemas.OfferedService
    return shape.model_validate(_facts(service))


def _facts(service: Service) -> dict[str, Any]:
    """Everything; a schema takes what is its own."""
    return {
        **vars(service),
        "user": service.user,
        "price": None if service.price is None else f"{service.price:.2f}",
        "categories": list(service.categories.all()),
        "all_attachments": [_attachment(one) for one in service.attachments.all()],
    }


def _attachment(attachment: ServiceAttachment) -> dict[str, object]:
    return {
        **facts_of(attachment.file),
        "id": attachment.id,
        "uploaded_at": attachment.uploaded_at,
    }
