"""The demo's people, and how one signs in as them."""

from typing import TypedDict
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.hashers import check_password

from core.accounts.models import AccountStatus, User
from core.accounts.tokens import derived_key
from core.demo import cast


class Credentials(TypedDict):
    """All it takes to sign in as one of the demo's people."""

    email: str
    password: str
    full_name: str
    user_type: str


def demo_password(email: str) -> str:
    """The same for as long as SECRET_KEY is."""
    return f"demo-{uuid5(UUID(bytes=derived_key('demo')[:16]), email).hex[:12]}"


def shown_password(user: User) -> str:
    """What signs in as one of the demo's people, or in brackets why nothing known does."""
    if user.account_status != AccountStatus.ACTIVE:
        return f"({user.account_status})"
    password = demo_password(user.email)
    return password if check_password(password, user.password) else "(changed)"


def demo_people() -> list[Credentials]:
    """Those who have been made and are active, in the cast's order; none where settings.DEMO is off."""
    if not settings.DEMO:
        return []
    emails = [person.email for person in cast.PEOPLE]
    found = User.objects.filter(email__in=emails, account_status=AccountStatus.ACTIVE)
    return [
        {
            "email": user.email,
            "password": demo_password(user.email),
            "full_name": user.full_name,
            "user_type": user.user_type,
        }
        for user in sorted(found, key=lambda user: emails.index(user.email))
    ]
