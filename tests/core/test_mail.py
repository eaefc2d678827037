"""What is told when the mail server refuses: its words, and nothing of the mail."""

import base64
import smtplib
import traceback

import pytest
from django.core.mail import EmailMultiAlternatives

from core.errors import PermanentError, TransientError
from core.mail import deliver

CODE = "858798"
TEXT = f"Hello Amina,\n\nYour code is {CODE}. It ends in 10 minutes.\n"
ENCODED = base64.encodebytes(TEXT.encode()).decode()
Refusal = type[PermanentError] | type[TransientError]


def told(monkeypatch: pytest.MonkeyPatch, fault: Exception, raised: Refusal) -> str:
    """The trace of a mail that failed by the fault, as the ledger would keep it."""

    def send(self: EmailMultiAlternatives) -> int:
        raise fault

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    with pytest.raises(raised) as caught:
        deliver(to="amina@example.com", subject="Your code", text=TEXT, html=TEXT, message_id="<x@y>")
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "quoted",
    [TEXT, f"<p>{TEXT}</p>", ENCODED, f'"{CODE}"', f"code={CODE}", f"{CODE[:3]}-{CODE[3:]}", " ".join(CODE)],
)
def test_a_refusal_that_quotes_the_mail_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch, quoted: str
) -> None:
    said = f"5.7.1 Message rejected; spam score for: {quoted}".encode()
    trace = told(monkeypatch, smtplib.SMTPDataError(554, said), PermanentError)
    line = "core.errors.PermanentError: mail: server refused (554): 5.7.1 Message rejected; spam score for:"
    assert trace.splitlines()[-1] == line
    assert "SMTPDataError" not in trace


@pytest.mark.parametrize(
    ("fault", "raised", "reason"),
    [
        (
            smtplib.SMTPDataError(452, b"4.3.1 Daily quota exceeded, try again later"),
            TransientError,
            "server refused (452): 4.3.1 Daily quota exceeded, try again later",
        ),
        (
            smtplib.SMTPAuthenticationError(535, b"5.7.8 Username and Password not accepted"),
            PermanentError,
            "server refused (535): 5.7.8 Username and Password not accepted",
        ),
        (
            smtplib.SMTPSenderRefused(554, b"5.7.1 [203.0.113.7] blocked, see https://bl.example", "x"),
            PermanentError,
            "server refused (554): 5.7.1 [203.0.113.7] blocked, see https://bl.example",
        ),
        (
            smtplib.SMTPRecipientsRefused({"amina@example.com": (450, b"<amina@example.com> is full")}),
            TransientError,
            "recipient refused (450): <[email]> is full",
        ),
        (
            smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
            TransientError,
            "mail server: Connection unexpectedly closed",
        ),
    ],
)
def test_the_servers_words_are_told(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, raised: Refusal, reason: str
) -> None:
    assert told(monkeypatch, fault, raised).splitlines()[-1].endswith(reason)
