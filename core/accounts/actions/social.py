"""Logging in as a person that an identity provider vouches for."""

import re
from collections.abc import Callable

from django.db import IntegrityError, transaction

from core.accounts.actions.identities import take_back
from core.accounts.actions.login import require_active
from core.accounts.actions.sessions import Device, TokenPair, open_session
from core.accounts.models import (
    SELF_SERVICE_TYPES,
    AccountStatus,
    SocialIdentity,
    SocialProvider,
    User,
    UserType,
)
from core.accounts.social import facebook, google
from core.accounts.social.person import EmailTrust, Person, TokenRefused
from core.errors import Conflict, Invalid

_PROVIDERS: dict[SocialProvider, Callable[[str], Person]] = {
    SocialProvider.GOOGLE: google.identify,
    SocialProvider.FACEBOOK: facebook.identify,
}
# Losing a race, to another first login or a registration, shows on the next look.
_LOOKS = 3
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


def log_in_with(
    *,
    provider: SocialProvider,
    access_token: str,
    user_type: UserType,
    language: str,
    device: Device,
) -> tuple[User, TokenPair]:
    """A session of the person's account, which is made or linked on the first login.

    user_type is that of a new account. Invalid if the token is refused, the account may not be
    linked or isn't active; Unavailable when the provider doesn't answer.
    """
    if user_type not in SELF_SERVICE_TYPES:
        raise Invalid(user_type=f'"{user_type}" is not a valid choice.')
    if not _TOKEN.fullmatch(access_token):
        raise TokenRefused(f"{provider.label} did not accept this access token.")
    person = _PROVIDERS[provider](access_token)
    for _ in range(_LOOKS):
        try:
            with transaction.atomic():
                user = _account_of(person) or _make_account(person, user_type, language)
                require_active(user)
                return user, open_session(user=user, device=device)
        except IntegrityError:
            continue
    raise Conflict


def _account_of(person: Person) -> User | None:
    """The account the person is, or from now on, linked to.

    The address is looked up and locked first: a parallel first login that has made its account is
    then seen by its identity, too.
    """
    known = _locked_with(person.email)
    identity = (
        SocialIdentity.objects.select_related("user")
        .filter(provider=person.provider, subject=person.subject)
        .first()
    )
    if identity is not None:
        return identity.user
    return None if known is None else _link(person, known)


def _locked_with(email: str) -> User | None:
    known = User.objects.with_email(email)
    if known is None:
        return None
    return User.objects.select_for_update(no_key=True).filter(id=known.id, deleted_at=None).first()


def _link(person: Person, user: User) -> User:
    """The account with the person's address, taken back from whoever made it without proof.

    It takes an address that the provider verified. The row is locked.
    """
    if user.account_status == AccountStatus.SUSPENDED:
        require_active(user)
    if person.trust < EmailTrust.VERIFIED or user.user_type not in SELF_SERVICE_TYPES:
        raise TokenRefused("An account with this email address already exists. Log in with its password.")
    if _is_unproven(user):
        take_back(user)
    _remember(person, user)
    return user


def _is_unproven(user: User) -> bool:
    """Nobody showed us that they read this mailbox: not by a code, nor by who runs it."""
    return not user.is_email_verified or user.social_identities.filter(proves_email=False).exists()


def _make_account(person: Person, user_type: UserType, language: str) -> User:
    """Active and verified at once, without a password."""
    user = User(
        email=person.email,
        full_name=person.full_name,
        user_type=user_type,
        language=language,
        account_status=AccountStatus.ACTIVE,
        is_email_verified=True,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    _remember(person, user)
    return user


def _remember(person: Person, user: User) -> None:
    SocialIdentity.objects.create(
        user=user,
        provider=person.provider,
        subject=person.subject,
        proves_email=person.trust == EmailTrust.PROVEN,
    )
