"""The mails an account gets, in its reader's language, as text and HTML."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.accounts.models import OtpPurpose, User

Notice = Literal["password_changed", "session_reused"]

_CODE_SUBJECTS: dict[str, str] = {
    OtpPurpose.EMAIL_VERIFICATION: gettext_noop("Your verification code"),
    OtpPurpose.PASSWORD_RESET: gettext_noop("Your password reset code"),
    OtpPurpose.ACCOUNT_DELETION: gettext_noop("Your account deletion code"),
}
_CODE_LINES: dict[str, str] = {
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
        gettext_noop("A device was signed out of your account"),
        gettext_noop(
            "The sign-in of one of your devices was used a second time, as if somebody had copied "
            "it. We signed that device out; log in on it again to go on."
        ),
    ),
}
_LONGEST_NAME = 60
# Whoever registers somebody else's address chooses this text: it may not carry a message.
_UNLIKE_A_NAME = re.compile(r"[\d/\\:@<>{}\[\]|=?!#%]|\w\.\w{2,}")


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


def code_mail(*, user: User, purpose: str, code: str, language: str) -> Mail:
    """The mail that carries a code of an OtpPurpose."""
    with translation.override(language):
        return _render(
            user,
            subject=_(_CODE_SUBJECTS[purpose]),
            line=_(_CODE_LINES[purpose]),
            code=code,
            footers=[
                _validity(settings.OTP_LIFETIME),
                _("If you did not ask for it, ignore this mail. Never share the code."),
            ],
        )


def _validity(seconds: int) -> str:
    """How long a code works, never promising more than it does."""
    if seconds < 60:
        told = ngettext(
            "It is valid for %(seconds)d second and works once.",
            "It is valid for %(seconds)d seconds and works once.",
            seconds,
        )
        return told % {"seconds": seconds}
    minutes = seconds // 60
    told = ngettext(
        "It is valid for %(minutes)d minute and works once.",
        "It is valid for %(minutes)d minutes and works once.",
        minutes,
    )
    return told % {"minutes": minutes}


def notice_mail(*, user: User, notice: Notice, language: str) -> Mail:
    """The mail that tells of a change the account's owner should know of."""
    subject, line = _NOTICES[notice]
    with translation.override(language):
        return _render(
            user,
            subject=_(subject),
            line=_(line),
            code="",
            footers=[_("If this was not you, reset your password at once.")],
        )


def _render(user: User, *, subject: str, line: str, code: str, footers: list[str]) -> Mail:
    bidi = translation.get_language_bidi()
    context = {
        "subject": subject,
        "greeting": _greeting(user.full_name, isolate=bidi),
        "line": line,
        "code": code,
        "footers": footers,
        "language": translation.get_language() or "en",
        "direction": "rtl" if bidi else "ltr",
        "side": "right" if bidi else "left",
    }
    return Mail(
        subject,
        render_to_string("accounts/mail/mail.txt", context),
        render_to_string("accounts/mail/mail.html", context),
    )


def _greeting(full_name: str, *, isolate: bool) -> str:
    """A greeting by name, where it looks like one."""
    name = _plain(full_name)
    if not name or len(name) > _LONGEST_NAME or _UNLIKE_A_NAME.search(name):
        return _("Hello,")
    # Latin letters in a right-to-left line would take the comma along without isolation.
    return _("Hello %(name)s,") % {"name": f"\u2068{name}\u2069" if isolate else name}


def _plain(text: str) -> str:
    """On one line, without control characters or marks that turn the text around."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    shown = (char for char in kept if unicodedata.category(char) not in ("Cf", "Cs", "Co"))
    return " ".join("".join(shown).split())
