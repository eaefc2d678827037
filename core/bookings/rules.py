"""Who may book what."""

from uuid import UUID

from django.db import connection

from core.accounts.models import User, UserType
from core.bookings.errors import OwnService
from core.errors import Invalid
from core.marketplace.models import Service, ServiceType

_OWN = {
    ServiceType.NEEDED: "You cannot propose to your own needed service.",
    ServiceType.OFFERED: "You cannot book your own service.",
}
# The owner first, as whoever deletes or suspends an account does. Shared: others book meanwhile.
_HOLD_OWNER = "SELECT FROM accounts_user WHERE id = %s FOR KEY SHARE"
_HOLD = "SELECT FROM marketplace_service WHERE id = %s AND is_listed FOR SHARE"


def bookable_service(*, actor: User, service_id: UUID) -> Service:
    """The service, if the actor may book it.

    Invalid under `service` unless it is listed; then OwnService; then Invalid for the wrong role.
    """
    service = Service.objects.filter(id=service_id, is_listed=True).first()
    if service is None:
        raise _unlisted(service_id)
    if service.user_id == actor.id:
        raise OwnService(_OWN[ServiceType(service.service_type)])
    role, refusal = _requester(service)
    if actor.user_type != role:
        raise Invalid.general(refusal)
    return service


def hold_listed(service: Service) -> None:
    """Keep a service listed until the transaction ends; Invalid under `service` if it isn't any more.

    Who takes it away, or leaves, waits, and then finds the booking and can close it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_OWNER, [service.user_id])
        cursor.execute(_HOLD, [service.id])
        if not cursor.rowcount:
            raise _unlisted(service.id)


def _unlisted(service_id: UUID) -> Invalid:
    return Invalid(service=f'Invalid pk "{service_id}" - object does not exist.')


def _requester(service: Service) -> tuple[UserType, str]:
    """The role that may book it, and what the others are told."""
    if service.service_type == ServiceType.NEEDED:
        return UserType.ACCOUNTANT, "Only an accountant can propose to a needed service."
    if service.is_course:
        return UserType.ACADEMIC, "Only academics can book courses."
    return UserType.CLIENT, "Only a client can book an offered service."
