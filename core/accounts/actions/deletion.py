"""Deleting an account: at once what says who it was, by a job what the other parts keep."""

from uuid import UUID, uuid4

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from core.accounts.actions.codes import consume_code, request_code, wrong_code
from core.accounts.actions.login import reauthenticate
from core.accounts.actions.sessions import end_sessions
from core.accounts.models import (
    AccountStatus,
    EndReason,
    OtpPurpose,
    OtpRequest,
    Session,
    SocialIdentity,
    User,
    UserType,
)
from core.errors import Forbidden, Invalid
from core.jobs import accounts as jobs

PURPOSE = OtpPurpose.ACCOUNT_DELETION
DELETED_NAME = "Deleted user"


def request_deletion_code(*, actor: User, language: str) -> None:
    """Mail the code that deletes the account. Forbidden to administrators; TooMany."""
    _require_deletable(actor)
    request_code(user=actor, purpose=PURPOSE, language=language)


def delete_account(*, actor: User, password: str | None, code: str | None) -> None:
    """Erase the account for good; its password or a mailed code shows that its owner asks.

    Whatever is given must be right. Invalid, Forbidden to administrators, TooMany.
    """
    _require_deletable(actor)
    if password is None and code is None:
        raise Invalid.general("Either password or otp_code is required.")
    if password is not None and not reauthenticate(actor=actor, password=password):
        raise Invalid({"password": ["Invalid password."]})
    with transaction.atomic():
        right = code is None or consume_code(user=actor, purpose=PURPOSE, code=code)
        if right:
            _erase(actor.id)
    if not right:
        raise wrong_code()


def _require_deletable(actor: User) -> None:
    """Administrators leave by another one's hand, so that none is ever the last to go."""
    if actor.user_type == UserType.ADMIN:
        raise Forbidden("Administrator accounts can't be deleted here.")


def _erase(user_id: UUID) -> None:
    """Everything that names the person or lets them in, in the caller's transaction."""
    user = User.objects.select_for_update().get(id=user_id)
    if user.deleted_at is not None:
        return
    # .invalid takes no mail, and the random part keeps others from taking the address first.
    user.email = f"deleted-{uuid4().hex}@deleted.invalid"
    user.full_name = DELETED_NAME
    user.phone = user.company_name = user.job_title = ""
    user.language = "en"
    user.is_email_verified = False
    user.account_status = AccountStatus.INACTIVE
    user.deleted_at = timezone.now()
    user.last_login = None
    user.set_unusable_password()
    user.save()
    end_sessions(user=user, reason=EndReason.ACCOUNT)
    _erase_traces(user)
    jobs.erase_account(user_id=user.id)


def erase_account(*, user_id: UUID) -> bool:
    """The job's part for this domain, safe to repeat: what a parallel request left behind.

    Whether the account is deleted; otherwise nothing happens, and nothing of it may be erased.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(id=user_id).first()
        if user is None or user.deleted_at is None:
            return False
        _erase_traces(user)
    return True


def _erase_traces(user: User) -> None:
    """Sessions tell addresses and devices, identities who it was elsewhere, the log a name."""
    Session.objects.filter(user=user).delete()
    OtpRequest.objects.filter(user=user).delete()
    SocialIdentity.objects.filter(user=user).delete()
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.id)
    ).update(object_repr=DELETED_NAME)
