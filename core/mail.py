"""Sending mail, and keeping it on a machine without a mail server."""

import re
import smtplib
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

from core import telemetry
from core.errors import PermanentError, TransientError
from core.metrics.mail import counted_mail
from core.redaction import anonymous

_PERMANENT = 500
_LONGEST_REPLY = 200
_LETTERS = re.compile(r"[a-z]+")
# A word, or the kind of the answer (5.7.1); a code isn't one, nor is text in base64.
_PLAIN_WORD = re.compile(
    r"[(<]?(?:[A-Z]?[a-z]{1,19}|[A-Z]{1,20})(?:['/-][a-z]{1,20})*[)>.,:;!]*|[245]\.\d{1,3}\.\d{1,3}"
)


def deliver(*, to: str, subject: str, text: str, html: str, message_id: str) -> None:
    """Hand one mail to the server.

    The message_id is the same each time the same mail is sent. Raises PermanentError when the
    server will never take it, TransientError when it may later.
    """
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    message.attach_alternative(html, "text/html")
    with counted_mail(), telemetry.span("mail send", "client"):
        _send(message)


def _send(message: EmailMultiAlternatives) -> None:
    """No error of the server's is chained: its words are kept, and may quote the mail."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = min(error.recipients.values(), default=(0, b""))
        raise _failure(code, "recipient refused", _text(said)) from None
    except smtplib.SMTPDataError as error:
        words = _unquoted(_text(error.smtp_error), message)
        raise _failure(error.smtp_code, "server refused", words) from None
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, "server refused", _text(error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise TransientError(f"mail server: {error}") from error


def _failure(code: int, what: str, said: str) -> Exception:
    kind = PermanentError if code >= _PERMANENT else TransientError
    return kind(f"mail: {what} ({code}): {anonymous(said)[:_LONGEST_REPLY]}")


def _text(reply: bytes | str) -> str:
    return reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply


def _unquoted(reply: str, message: EmailMultiAlternatives) -> str:
    """The plain words of an answer that a server gave when it had read the mail, but for the mail's."""
    held = set(_LETTERS.findall(f"{message.subject} {message.body}".lower()))
    return " ".join(
        word
        for word in reply.split()
        if _PLAIN_WORD.fullmatch(word) and held.isdisjoint(_LETTERS.findall(word.lower()))
    )


class KeepingBackend(BaseEmailBackend):
    """Prints each mail's text and keeps the mail as MAIL_DIR/<time>-<id>.eml."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
            partial = folder / f".{name}.part"
            partial.write_bytes(message.message().as_bytes())
            partial.rename(folder / f"{name}.eml")
            print(f"mail to {', '.join(message.to)}: {message.subject}\n{message.body}", flush=True)  # noqa: T201 — the point of it
        return len(email_messages)
