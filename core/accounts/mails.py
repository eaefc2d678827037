"""The mails an account gets, in its reader's language, as text and HTML."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.accounts.models import OtpPurpose, User

Notice = Literal["password_changed", "session_reused"]

_CODE_SUBJECTS = {
    OtpPurpose.EMAIL_VERIFICATION: gettext_noop("Your verification code"),
    OtpPurpose.PASSWORD_RESET: gettext_noop("Your password reset code"),
    OtpPurpose.ACCOUNT_DELETION: gettext_noop("Your account deletion code"),
}
_CODE_LINES = {
    OtpPurpose.EMAIL_VERIFICATION: gettext_noop("Enter this code to verify your email address."),
    OtpPurpose.PASSWORD_RESET: gettext_noop("Enter this code to set a new password."),
    OtpPurpose.ACCOUNT_DELETION: gettext_noop("Enter this code to delete your account for good."),
}
_NOTICES: dict[Notice, tuple[str, str]] = {
    "password_changed": (
        gettext_noop("Your password was changed"),
        gettext_noop("The password of your account was just changed."),
    ),
    "session_reused": (
        gettext_noop("A session of your account was ended"),
        gettext_noop(
            "An old sign-in token of your account was used a second time, so we ended that session."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


def code_mail(*, user: User, purpose: OtpPurpose, code: str, language: str) -> Mail:
    """The mail that carries a code."""
    with translation.override(language):
        minutes = settings.OTP_LIFETIME // 60
        return _render(
            user,
            subject=_(_CODE_SUBJECTS[purpose]),
            line=_(_CODE_LINES[purpose]),
            code=code,
            footer=_("It is valid for %(minutes)d minutes and can be used once. "
                     "If you did not ask for it, ignore this mail.") % {"minutes": minutes},
        )


def notice_mail(*, user: User, notice: Notice) -> Mail:
    """The mail that tells of a change the account's owner should know of."""
    subject, line = _NOTICES[notice]
    with translation.override(user.language):
        return _render(
            user,
            subject=_(subject),
            line=_(line),
            code="",
            footer=_("If this was not you, reset your password at once."),
        )


def _render(user: User, *, subject: str, line: str, code: str, footer: str) -> Mail:
    language = translation.get_language() or "en"
    context = {
        "subject": subject,
        "greeting": _("Hello %(name)s,") % {"name": user.full_name} if user.full_name else _("Hello,"),
        "line": line,
        "code": code,
        "footer": footer,
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    return Mail(
        subject,
        render_to_string("accounts/mail/mail.txt", context),
        render_to_string("accounts/mail/mail.html", context),
    )
