"""Asking for a one-time code and using it, whatever its purpose."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from core.accounts import limits, otp
from core.accounts.models import OtpPurpose, OtpRequest, User
from core.errors import Invalid
from core.jobs import accounts as jobs


def request_code(*, user: User, purpose: OtpPurpose, language: str) -> OtpRequest:
    """A new code on its way by mail; it voids the older ones. TooMany past the cap on sends."""
    with transaction.atomic():
        count_send(user.email)
        return _issue(user.id, purpose, language)


def pretend_request(*, email: str, purpose: OtpPurpose, language: str) -> None:
    """What request_code does, undone, for an address without account: its time tells nothing."""
    with transaction.atomic():
        count_send(email)
        undo = transaction.savepoint()
        _issue(uuid4(), purpose, language)
        transaction.savepoint_rollback(undo)


def _issue(user_id: UUID, purpose: OtpPurpose, language: str) -> OtpRequest:
    User.objects.select_for_update(no_key=True).filter(id=user_id).first()
    _unused(user_id, purpose).update(voided_at=Now())
    request = OtpRequest.objects.create(user_id=user_id, purpose=purpose, language=language)
    jobs.send_otp_email(otp_request_id=request.id)
    return request


def count_send(email: str) -> None:
    """Count a send to an address that may have no account. TooMany past the cap."""
    with transaction.atomic():
        limits.require_below(limits.OTP_SENDS, email)
        limits.count(limits.OTP_SENDS, email)


def count_wrong_code(email: str) -> None:
    """A try at an address that has no code: capped alike, so that the cap tells nothing."""
    with transaction.atomic():
        limits.require_below(limits.WRONG_CODES, email)
        limits.count(limits.WRONG_CODES, email)


def wrong_code() -> Invalid:
    """The one answer to a code that is wrong, expired, used, or of nobody."""
    return Invalid(otp_code="Invalid OTP.")


def consume_code(*, user: User, purpose: OtpPurpose, code: str) -> bool:
    """Whether the code is the account's living one, which is then used up, in one UPDATE.

    A wrong one is counted: the fifth kills the code, the tenth in an hour closes verification
    (TooMany). Inside a transaction that must commit when it answers False.
    """
    limits.require_below(limits.WRONG_CODES, user.email)
    alive = _alive(user, purpose)
    request = alive.first()
    if (
        request is not None
        and otp.matches(request.id, code)
        and alive.filter(id=request.id).update(consumed_at=Now())
    ):
        return True
    alive.update(wrong_tries=F("wrong_tries") + 1)
    limits.count(limits.WRONG_CODES, user.email)
    return False


def _unused(user_id: UUID, purpose: OtpPurpose) -> QuerySet[OtpRequest]:
    return OtpRequest.objects.filter(user_id=user_id, purpose=purpose, consumed_at=None, voided_at=None)


def _alive(user: User, purpose: OtpPurpose) -> QuerySet[OtpRequest]:
    return _unused(user.id, purpose).filter(expires_at__gt=Now(), wrong_tries__lt=otp.MAX_WRONG_TRIES)
