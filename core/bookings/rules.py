"""Who may book what."""

from uuid import UUID

from core.accounts.models import User, UserType
from core.bookings.errors import OwnService
from core.errors import Invalid
from core.marketplace.models import Service, ServiceType

_OWN = {
    ServiceType.NEEDED: "You cannot propose to your own needed service.",
    ServiceType.OFFERED: "You cannot book your own service.",
}


def bookable_service(*, actor: User, service_id: UUID) -> Service:
    """The service, if the actor may book it.

    Invalid under `service` unless it is listed; then OwnService; then Invalid for the wrong role.
    """
    service = Service.objects.filter(id=service_id, is_listed=True).first()
    if service is None:
        raise Invalid(service=f'Invalid pk "{service_id}" - object does not exist.')
    if service.user_id == actor.id:
        raise OwnService(_OWN[ServiceType(service.service_type)])
    role, refusal = _requester(service)
    if actor.user_type != role:
        raise Invalid.general(refusal)
    return service


def _requester(service: Service) -> tuple[UserType, str]:
    """The role that may book it, and what the others are told."""
    if service.service_type == ServiceType.NEEDED:
        return UserType.ACCOUNTANT, "Only an accountant can propose to a needed service."
    if service.is_course:
        return UserType.ACADEMIC, "Only academics can book courses."
    return UserType.CLIENT, "Only a client can book an offered service."
