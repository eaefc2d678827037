"""Tasks of core.accounts."""

from uuid import uuid4

from django.utils import timezone

from core.accounts.models import OtpPurpose, OtpRequest, Session, User
from tests.booked import make_service
from tests.cast import make_user
from tests.workers.cases import LONG_AGO, Cases, Params


def otp_request() -> Params:
    request = OtpRequest.objects.create(user=make_user(), purpose=OtpPurpose.PASSWORD_RESET)
    return {"otp_request_id": request.id}


def notice() -> Params:
    return {"user_id": make_user().id, "notice": "password_changed", "notice_id": uuid4()}


def deleted_user() -> Params:
    owner = make_user("accountant")
    make_service(owner)
    User.objects.filter(id=owner.id).update(deleted_at=timezone.now())
    return {"user_id": owner.id}


def sockets() -> Params:
    return {"user_id": uuid4()}


def session_sockets() -> Params:
    return {"user_id": uuid4(), "session_id": uuid4()}


def old_otp() -> Params:
    otp_request()
    OtpRequest.objects.update(expires_at=timezone.now() - LONG_AGO)
    return {}


def old_session() -> Params:
    Session.objects.create(user=make_user(), expires_at=timezone.now() - LONG_AGO)
    return {}


CASES: Cases = {
    "accounts.send_otp_email": otp_request,
    "accounts.send_notice_email": notice,
    "accounts.erase_account": deleted_user,
    "accounts.close_sockets": sockets,
    "accounts.close_session_sockets": session_sockets,
    "accounts.delete_expired_otps": old_otp,
    "accounts.delete_expired_sessions": old_session,
}
