"""Who sees and makes which services."""

from dataclasses import dataclass

from core.accounts.models import User, UserType
from core.errors import Forbidden
from core.marketplace.models import ServiceType


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of service: needed, offered, or a course."""

    service_type: ServiceType
    is_course: bool = False


_BROWSED = {
    UserType.CLIENT: Sort(ServiceType.OFFERED),
    UserType.ACCOUNTANT: Sort(ServiceType.NEEDED),
    UserType.ACADEMIC: Sort(ServiceType.OFFERED, is_course=True),
}
_MADE = {
    UserType.CLIENT: ServiceType.NEEDED,
    UserType.ACCOUNTANT: ServiceType.OFFERED,
}


def browsed_by(user: User) -> Sort | None:
    """What a role browses; None for administrators, who browse nothing."""
    return _BROWSED.get(UserType(user.user_type))


def type_made_by(user: User) -> ServiceType:
    """What a role creates; Forbidden for academics and administrators."""
    made = _MADE.get(UserType(user.user_type))
    if made is None:
        raise Forbidden(f"{user.user_type.title()} users cannot create services.")
    return made
