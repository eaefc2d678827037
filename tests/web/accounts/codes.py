"""What the tests of one-time codes share."""

from typing import Any

from core.accounts import otp
from core.accounts.models import OtpRequest, User
from tests.cast import Api

SEND, VERIFY = "/auth/send-email-otp/", "/auth/verify-email-otp/"
ASK_RESET, RESET = "/auth/password-reset/request/", "/auth/password-reset/verify/"
INVALID = {"otp_code": ["Invalid OTP."]}
NEW = "Another-Dune-7788"


def ask(api: Api, user: User, path: str = SEND) -> str:
    """Ask for a code; what the mail will carry."""
    assert api.post(path, {"email": user.email}).status_code == 200
    return otp.code_of(OtpRequest.objects.latest("created_at").id)


def verify(api: Api, user: User, code: str) -> Any:
    return api.post(VERIFY, {"email": user.email, "otp_code": code})


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def reset(api: Api, user: User, code: str, password: str = NEW) -> Any:
    body = {"email": user.email, "otp_code": code, "new_password": password}
    return api.post(RESET, body)
