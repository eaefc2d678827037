"""Email verification and passwords."""

from django.http import HttpRequest
from ninja import Router

from core.accounts.actions import password, verification
from web.accounts import schemas
from web.auth import AuthedRequest, BearerAuth, language_of, stated_language_of
from web.body import Payload
from web.throttle import PerAddress

auth = Router(tags=["Authentication"], throttle=PerAddress("300/minute", scope="codes"))


@auth.post("send-email-otp/", response=schemas.Detail)
def send_email_otp(request: HttpRequest, payload: Payload[schemas.EmailIn]) -> dict[str, str]:
    """Mail a six-digit code that verifies the address; it voids earlier ones."""
    verification.request_verification(email=payload.email, language=language_of(request))
    return {"detail": "OTP sent to your email"}


@auth.post("verify-email-otp/", response=schemas.Detail)
def verify_email_otp(request: HttpRequest, payload: Payload[schemas.CodeIn]) -> dict[str, str]:
    """Verify the code and activate the account."""
    verification.verify_email(email=payload.email, code=payload.otp_code)
    return {"detail": "Email verified successfully"}


@auth.post("password-reset/request/", response=schemas.Message)
def request_password_reset(request: HttpRequest, payload: Payload[schemas.EmailIn]) -> dict[str, str]:
    """Mail a code that sets a new password; the answer is the same for unknown emails."""
    password.request_password_reset(email=payload.email, language=language_of(request))
    return {"message": "OTP sent to email."}


@auth.post("password-reset/verify/", response=schemas.Detail)
def verify_password_reset(request: HttpRequest, payload: Payload[schemas.ResetIn]) -> dict[str, str]:
    """Set a new password by code; every session of the account ends."""
    password.reset_password(
        email=payload.email,
        code=payload.otp_code,
        new_password=payload.new_password,
        language=stated_language_of(request),
    )
    return {"detail": "Password reset successfully."}


@auth.post("password/change/", response=schemas.Detail, auth=BearerAuth())
def change_password(request: AuthedRequest, payload: Payload[schemas.PasswordChangeIn]) -> dict[str, str]:
    """Change one's password; all other sessions end."""
    password.change_password(
        actor=request.auth.user,
        session_id=request.auth.session_id,
        old=payload.old_password,
        new=payload.new_password1,
        new_again=payload.new_password2,
        language=stated_language_of(request),
    )
    return {"detail": "New password has been saved."}
