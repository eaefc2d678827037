"""Tasks of core.accounts."""

from typing import cast
from uuid import UUID

from core import jobs
from core.accounts.actions import deletion, maintenance, otp_mail
from core.accounts.mails import Notice
from core.bookings.actions import erasure as bookings
from core.chat.actions import erasure as chat
from core.idempotency import actions as idempotency
from core.marketplace import actions as marketplace
from core.notifications.actions import erasure as notifications
from core.profiles import actions as profiles
from core.realtime import Users, publish
from core.realtime.control import CloseSockets
from workers.task import task


@task(jobs.accounts.send_otp_email)
def send_otp_email(*, otp_request_id: UUID) -> None:
    otp_mail.send_otp_email(otp_request_id=otp_request_id)


@task(jobs.accounts.send_notice_email)
def send_notice_email(*, user_id: UUID, notice: str, notice_id: UUID, language: str | None = None) -> None:
    otp_mail.send_notice_email(user_id, cast("Notice", notice), notice_id, language)


@task(jobs.accounts.close_sockets)
def close_sockets(*, user_id: UUID, keep_session_id: UUID | None = None) -> None:
    publish(CloseSockets(keep_session_id=keep_session_id), to=Users.of(user_id))


@task(jobs.accounts.close_session_sockets)
def close_session_sockets(*, user_id: UUID, session_id: UUID) -> None:
    publish(CloseSockets(session_id=session_id), to=Users.of(user_id))


@task(jobs.accounts.erase_account)
def erase_account(*, user_id: UUID) -> None:
    if deletion.erase_account(user_id=user_id):
        marketplace.erase_for(user_id=user_id)
        profiles.erase_for(user_id=user_id)
        bookings.erase_for(user_id=user_id)
        chat.erase_for(user_id=user_id)
        if chat.erase_name_for(user_id=user_id):
            jobs.accounts.erase_account(user_id=user_id)
        notifications.erase_for(user_id=user_id)
        idempotency.erase_for(user_id=user_id)


@task(jobs.accounts.delete_expired_otps)
def delete_expired_otps() -> None:
    maintenance.delete_expired_otps()


@task(jobs.accounts.delete_expired_sessions)
def delete_expired_sessions() -> None:
    maintenance.delete_expired_sessions()
