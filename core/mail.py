"""Sending mail, and keeping it on a machine without a mail server."""

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

_PERMANENT = 500


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
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _failure(min(codes, default=0), "recipient refused") from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, "server refused") from error
    except (smtplib.SMTPException, OSError) as error:
        raise TransientError(f"mail server: {error}") from error


def _failure(code: int, what: str) -> Exception:
    kind = PermanentError if code >= _PERMANENT else TransientError
    return kind(f"mail: {what} ({code})")


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
