"""The people and services of the chaos test; run inside the product, by its `manage shell`."""

import json

from core.accounts.actions.sessions import Device, open_session
from core.accounts.models import AccountStatus, User
from core.marketplace.models import Service


def plant(*, clients: int, accountants: int, newcomers: int) -> None:
    """Print who can do what: access tokens, a service of each accountant, newcomers' emails."""
    owners = _people("accountant", accountants)
    facts = {
        "clients": [_token(user) for user in _people("client", clients)],
        "owners": {
            str(_service(owner).id): {"id": str(owner.id), "token": _token(owner)} for owner in owners
        },
        "newcomers": [user.email for user in _people("academic", newcomers, status=AccountStatus.INACTIVE)],
    }
    print(json.dumps(facts))


def _people(role: str, count: int, status: str = AccountStatus.ACTIVE) -> list[User]:
    return User.objects.bulk_create(
        User(
            email=f"{role}-{number}@chaos.example",
            full_name=f"{role.title()} {number}",
            user_type=role,
            account_status=status,
            is_email_verified=status == AccountStatus.ACTIVE,
            password="!",
        )
        for number in range(count)
    )


def _token(user: User) -> str:
    return open_session(user=user, device=Device(user_agent="chaos")).access


def _service(owner: User) -> Service:
    return Service.objects.create(
        user=owner, service_type="offered", title="Under fire", description="Always there."
    )
