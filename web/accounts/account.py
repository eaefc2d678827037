"""One's own account and sessions."""

from uuid import UUID

from ninja import Router, Status

from core.accounts.actions import deletion, sessions
from core.accounts.actions.details import update_account
from core.accounts.models import User
from core.accounts.queries import live_sessions
from web.accounts import schemas
from web.auth import AuthedRequest, BearerAuth, language_of
from web.body import Payload
from web.users import UserOut

auth = Router(tags=["Account"], auth=BearerAuth())


@auth.get("user/", response=UserOut)
def get_account(request: AuthedRequest) -> User:
    """One's own account."""
    return request.auth.user


@auth.api_operation(["PUT", "PATCH"], "user/", response=UserOut)
def change_account(request: AuthedRequest, payload: Payload[schemas.AccountPatch]) -> User:
    """Change full_name, phone, company_name or job_title; what is left out stays."""
    return update_account(actor=request.auth.user, **payload.model_dump(exclude_unset=True))


@auth.post("send-deletion-otp/", response=schemas.Detail)
def send_deletion_otp(request: AuthedRequest) -> dict[str, str]:
    """Mail a six-digit code that deletes the account, for those who have no password."""
    deletion.request_deletion_code(actor=request.auth.user, language=language_of(request))
    return {"detail": "OTP sent to your email"}


@auth.delete("user/", response={204: None})
def delete_account(request: AuthedRequest, payload: Payload[schemas.DeletionIn]) -> Status[None]:
    """Delete one's account for good: name, address and files go, messages stay unsigned."""
    deletion.delete_account(actor=request.auth.user, password=payload.password, code=payload.otp_code)
    return Status(204, None)


@auth.get("sessions/", response=list[schemas.SessionOut])
def list_sessions(request: AuthedRequest) -> list[object]:
    """The logins that are alive, the last used first."""
    current = request.auth.session_id
    return [
        schemas.SessionOut(
            id=session.id,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            user_agent=session.user_agent,
            ip=session.ip,
            current=session.id == current,
        )
        for session in live_sessions(request.auth.user)
    ]


@auth.delete("sessions/{session_id}/", response={204: None})
def end_session(request: AuthedRequest, session_id: UUID) -> Status[None]:
    """End one login: its refresh token, its access tokens and its sockets."""
    sessions.end_session(actor=request.auth.user, session_id=session_id)
    return Status(204, None)
