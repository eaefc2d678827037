"""Password rules and constant-time checks."""

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.accounts.models import User

MAX_LENGTH = 128


def password_problems(password: str, user: User) -> list[str]:
    """What is wrong with a password for this account (saved or not); empty when it is good."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []


def password_is_right(user: User | None, password: str) -> bool:
    """Whether the account's password is this one; as slow without an account as with one."""
    if user is None or not user.has_usable_password():
        make_password(password)
        return False
    return check_password(password, user.password)
