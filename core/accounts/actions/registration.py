"""Making an account."""

from django.db import IntegrityError, transaction

from core.accounts.actions.sessions import Device, TokenPair, open_session
from core.accounts.emails import normalize_email
from core.accounts.models import SELF_SERVICE_TYPES, User, UserType
from core.accounts.passwords import password_problems
from core.errors import Invalid

EMAIL_TAKEN = "A user with that email address already exists."


def register_user(
    *,
    email: str,
    password: str,
    user_type: UserType,
    full_name: str,
    phone: str,
    language: str,
    device: Device,
) -> tuple[User, TokenPair]:
    """An inactive account, its profile (by signal) and tokens that work once it is verified.

    Raises Invalid under email, user_type or password1.
    """
    if user_type not in SELF_SERVICE_TYPES:
        raise Invalid(user_type=f'"{user_type}" is not a valid choice.')
    user = User(
        email=normalize_email(email),
        user_type=user_type,
        full_name=full_name,
        phone=phone,
        language=language,
    )
    if problems := password_problems(password, user):
        raise Invalid({"password1": problems})
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            return user, open_session(user=user, device=device)
    except IntegrityError:
        raise Invalid(email=EMAIL_TAKEN) from None
