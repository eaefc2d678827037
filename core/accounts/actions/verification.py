"""Proving an email address."""

from django.db import transaction

from core.accounts.actions.codes import consume_code, count_wrong_code, request_code, wrong_code
from core.accounts.models import AccountStatus, OtpPurpose, User
from core.errors import Invalid

PURPOSE = OtpPurpose.EMAIL_VERIFICATION


def request_verification(*, email: str, language: str) -> None:
    """Mail a code to an unverified account; Invalid under email, TooMany past the cap."""
    user = User.objects.with_email(email)
    if user is None:
        raise Invalid(email="User not found.")
    if user.is_email_verified:
        raise Invalid(email="Email is already verified.")
    request_code(user=user, purpose=PURPOSE, language=language)


def verify_email(*, email: str, code: str) -> None:
    """Use up the code and activate the account; a suspended one stays suspended.

    Invalid under otp_code, the same for a wrong code and for an unknown or verified email.
    """
    user = User.objects.with_email(email)
    if user is None or user.is_email_verified:
        count_wrong_code(email)
        raise wrong_code()
    with transaction.atomic():
        right = consume_code(user=user, purpose=PURPOSE, code=code)
        if right:
            mark_verified(user)
    if not right:
        raise wrong_code()


def mark_verified(user: User) -> None:
    """The address is proven: an inactive account becomes active. Inside a transaction."""
    user = User.objects.select_for_update(no_key=True).get(id=user.id)
    user.is_email_verified = True
    if user.account_status == AccountStatus.INACTIVE:
        user.account_status = AccountStatus.ACTIVE
    user.save(update_fields=["is_email_verified", "account_status", "updated_at"])
