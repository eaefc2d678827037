"""Carrying codes and notices to the mail server: the workers' part of an account."""

from uuid import UUID

from django.utils import timezone

from core import mail
from core.accounts import mails, otp
from core.accounts.models import OtpRequest, User


def send_otp_email(otp_request_id: UUID) -> None:
    """Mail the code of a request that still needs it; a repeated run mails nothing new."""
    request = OtpRequest.objects.select_related("user").filter(id=otp_request_id).first()
    if request is None or not _still_wanted(request):
        return
    user = request.user
    content = mails.code_mail(
        user=user,
        purpose=request.purpose,
        code=otp.code_of(request.id),
        language=request.language,
    )
    _deliver(user, content, f"otp-{request.id}")
    OtpRequest.objects.filter(id=request.id).update(mailed_at=timezone.now())


def send_notice_email(user_id: UUID, notice: mails.Notice, notice_id: UUID, language: str | None) -> None:
    """Tell an account's owner of a change; notice_id makes a repeated mail the same one."""
    user = User.objects.filter(id=user_id, deleted_at=None).first()
    if user is not None:
        content = mails.notice_mail(user=user, notice=notice, language=language or user.language)
        _deliver(user, content, f"notice-{notice_id}")


def _still_wanted(request: OtpRequest) -> bool:
    """Not yet mailed, used or expired: every accepted request gets its mail."""
    settled = (request.mailed_at, request.consumed_at)
    return not any(settled) and request.expires_at > timezone.now()


def _deliver(user: User, content: mails.Mail, name: str) -> None:
    mail.deliver(
        to=user.email,
        subject=content.subject,
        text=content.text,
        html=content.html,
        message_id=f"<{name}@my-accountant>",
    )
