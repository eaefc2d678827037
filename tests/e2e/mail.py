"""A real SMTP server that keeps what it is sent."""

import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.server import free_port


@dataclass(frozen=True)
class Mail:
    """One delivery: the envelope's recipients, and the message."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


class MailServer:
    """Listens on a loopback port between `with` and its end.

    `refusing` answers 451; while `holding`, it takes messages and answers nothing: `held` counts
    those. What is kept was answered with 250.
    """

    def __init__(self) -> None:
        self.refusing = self.holding = False
        self.held = 0
        self.port = free_port()
        self._mails: list[Mail] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self, to: str | None = None) -> list[Mail]:
        """Everything received so far, or what was sent to one address."""
        return [mail for mail in list(self._mails) if to is None or to in mail.recipients]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each message."""
        if self.refusing:
            return "451 Try again later"
        if self.holding:
            self.held += 1
        while self.holding:
            await asyncio.sleep(0.01)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self._mails.append(Mail(tuple(envelope.rcpt_tos), message))
        return "250 OK"
