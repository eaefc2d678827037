"""Jobs of core.accounts."""

from datetime import timedelta
from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.EMAIL, irrevocable=True)
def send_otp_email(*, otp_request_id: UUID) -> None:
    """Mail the code of a request that was neither mailed nor used and hasn't expired."""


@job(Queue.EMAIL, irrevocable=True)
def send_notice_email(*, user_id: UUID, notice: str, notice_id: UUID, language: str | None = None) -> None:
    """Mail a notice of core.accounts.mails; notice_id makes a repeated mail the same one.

    In the account's language, unless another is given.
    """


@job(Queue.MAINTENANCE)
def erase_account(*, user_id: UUID) -> None:
    """Erase what other parts keep of a deleted account."""


@job(Queue.REALTIME)
def close_session_sockets(*, user_id: UUID, session_id: UUID) -> None:
    """Close the open sockets of one session."""


@job(Queue.REALTIME)
def close_sockets(*, user_id: UUID, keep_session_id: UUID | None = None) -> None:
    """Close a user's open sockets, but those of the session to keep."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=10))
def delete_expired_otps() -> None:
    """Delete codes past their time, and tries outside every window."""


@job(Queue.MAINTENANCE, every=timedelta(hours=1))
def delete_expired_sessions() -> None:
    """Delete sessions that ended or expired, once no access token of theirs is alive."""
