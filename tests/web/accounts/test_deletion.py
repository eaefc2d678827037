"""Deleting one's account: decision A22."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.validators import validate_email
from django.utils import timezone

from core.accounts import limits
from core.accounts.actions.codes import request_code
from core.accounts.actions.deletion import DELETED_NAME, erase_account
from core.accounts.models import Attempt, OtpPurpose, OtpRequest, Session, SocialIdentity, User
from core.accounts.otp import code_of
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, make_user, tokens_of

pytestmark = pytest.mark.django_db
USER, SEND = "/auth/user/", "/auth/send-deletion-otp/"
ANONYMOUS = {"detail": "Authentication credentials were not provided."}
WRONG_CODE = {"otp_code": ["Invalid OTP."]}


def code_for(user: User, purpose: OtpPurpose = OtpPurpose.ACCOUNT_DELETION) -> str:
    return code_of(request_code(user=user, purpose=purpose, language="en").id)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def still_there(user: User) -> bool:
    before = (user.email, user.full_name)
    user.refresh_from_db()
    return user.deleted_at is None and (user.email, user.full_name) == before


def test_a22_the_password_deletes(api: Api, client_user: User) -> None:
    answer = api.delete(USER, {"password": PASSWORD}, user=client_user)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not still_there(client_user)


def test_a22_a_mailed_code_deletes_an_account_without_a_password(api: Api) -> None:
    user = make_user(password=None)
    answer = api.post(SEND, user=user)
    assert (answer.status_code, answer.json()) == (200, {"detail": "OTP sent to your email"})
    request = OtpRequest.objects.get(user=user, purpose=OtpPurpose.ACCOUNT_DELETION)
    assert Job.objects.get(name="accounts.send_otp_email").params == {"otp_request_id": str(request.id)}
    answer = api.delete(USER, {"otp_code": code_of(request.id)}, user=user)
    assert answer.status_code == 204
    assert not still_there(user)


def test_a22_nothing_that_names_the_person_is_left(api: Api) -> None:
    user = make_user("accountant", full_name="Amina Benali", company_name="Cabinet Benali", job_title="Owner")
    email = user.email
    SocialIdentity.objects.create(user=user, provider="google", subject="1", proves_email=True)
    LogEntry.objects.log_actions(make_user("admin", is_superuser=True).id, [user], CHANGE, "Suspended.")
    api.post("/auth/login/", {"email": email.upper(), "password": "wrong"})
    api.delete(USER, {"password": PASSWORD}, user=user)
    user.refresh_from_db()
    assert not Attempt.objects.filter(identity__icontains=email.partition("@")[0]).exists()
    assert Attempt.objects.count() == 1
    assert user.full_name == DELETED_NAME == "Deleted user"
    assert (user.phone, user.company_name, user.job_title) == ("", "", "")
    assert user.email.endswith("@deleted.invalid")
    assert str(user.id) not in user.email
    assert str(user.id.hex) not in user.email
    validate_email(user.email)
    assert not user.has_usable_password()
    assert not user.is_active
    assert not user.is_email_verified
    assert user.deleted_at is not None
    for model in (Session, OtpRequest, SocialIdentity):
        assert not model.objects.filter(user=user).exists()
    assert LogEntry.objects.get().object_repr == DELETED_NAME
    assert User.objects.with_email(email) is None
    assert User.objects.with_email(user.email) is None


def test_a22_every_session_and_socket_ends(api: Api, client_user: User) -> None:
    one, other = tokens_of(client_user), tokens_of(client_user)
    api.delete(USER, {"password": PASSWORD}, token=one.access)
    for pair in (one, other):
        assert api.get(USER, token=pair.access).status_code == 401
        assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).status_code == 401
    closing = Job.objects.get(name="accounts.close_sockets")
    assert closing.params == {"user_id": str(client_user.id)}
    assert Job.objects.filter(name="accounts.erase_account").count() == 1


def test_a22_the_old_credentials_are_of_nobody(api: Api, client_user: User) -> None:
    reset = code_for(client_user, OtpPurpose.PASSWORD_RESET)
    email = client_user.email
    api.delete(USER, {"password": PASSWORD}, user=client_user)
    login = api.post("/auth/login/", {"email": email, "password": PASSWORD})
    assert login.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}
    body = {"email": email, "otp_code": reset, "new_password": "Oasis-Palm-771"}
    assert api.post("/auth/password-reset/verify/", body).json() == WRONG_CODE
    unknown = api.post("/auth/send-email-otp/", {"email": email})
    assert unknown.json() == {"email": ["User not found."]}


def test_a22_a_freed_address_can_register_again(api: Api, client_user: User) -> None:
    email = client_user.email
    api.delete(USER, {"password": PASSWORD}, user=client_user)
    body = {
        "email": email,
        "password1": "Oasis-Palm-771",
        "password2": "Oasis-Palm-771",
        "user_type": "academic",
        "phone": "+213550000000",
    }
    answer = api.post("/auth/registration/", body)
    assert answer.status_code == 201
    assert answer.json()["user"]["pk"] != str(client_user.id)


def test_a22_a_wrong_password_deletes_nothing_and_meets_a_cap(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    for _ in range(limits.WRONG_LOGINS.most):
        answer = api.delete(USER, {"password": "wrong-password"}, token=pair.access)
        assert (answer.status_code, answer.json()) == (400, {"password": ["Invalid password."]})
    answer = api.delete(USER, {"password": PASSWORD}, token=pair.access)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    login = {"email": client_user.email, "password": PASSWORD}
    assert api.post("/auth/login/", login).status_code == 200
    assert still_there(client_user)


def test_a22_neither_password_nor_code(api: Api, client_user: User) -> None:
    for body in (None, {}, {"unknown": "key"}):
        answer = api.delete(USER, body, user=client_user)
        assert answer.status_code == 400
        assert answer.json() == {"non_field_errors": ["Either password or otp_code is required."]}
    assert still_there(client_user)


def test_a22_both_must_be_right_if_both_are_given(api: Api, client_user: User) -> None:
    code = code_for(client_user)
    wrong_password = {"password": "wrong-password", "otp_code": code}
    assert api.delete(USER, wrong_password, user=client_user).status_code == 400
    wrong_code = {"password": PASSWORD, "otp_code": another(code)}
    assert api.delete(USER, wrong_code, user=client_user).json() == WRONG_CODE
    assert still_there(client_user)
    right = {"password": PASSWORD, "otp_code": code}
    assert api.delete(USER, right, user=client_user).status_code == 204


def test_a22_an_account_without_a_password_has_none_to_guess(api: Api) -> None:
    user = make_user(password=None)
    for guess in ("!", user.password, PASSWORD):
        assert api.delete(USER, {"password": guess}, user=user).status_code == 400
    assert still_there(user)


def test_a22_codes_that_delete_nothing(api: Api, client_user: User, stranger: User) -> None:
    code = code_for(client_user)
    useless = [
        code_for(stranger),
        code_for(client_user, OtpPurpose.EMAIL_VERIFICATION),
        code_for(client_user, OtpPurpose.PASSWORD_RESET),
    ]
    for given in useless:
        if given != code:
            answer = api.delete(USER, {"otp_code": given}, user=client_user)
            assert (answer.status_code, answer.json()) == (400, WRONG_CODE)
    assert api.delete(USER, {"otp_code": code}, user=stranger).json() == WRONG_CODE
    assert still_there(client_user)
    assert still_there(stranger)


def test_a22_a_code_expires_and_a_new_one_voids_it(api: Api, client_user: User) -> None:
    old = code_for(client_user)
    new = code_for(client_user)
    if old != new:
        assert api.delete(USER, {"otp_code": old}, user=client_user).json() == WRONG_CODE
    OtpRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api.delete(USER, {"otp_code": new}, user=client_user).json() == WRONG_CODE
    assert still_there(client_user)


def test_a22_wrong_codes_are_counted(api: Api, client_user: User) -> None:
    code = code_for(client_user)
    for _ in range(5):
        answer = api.delete(USER, {"otp_code": another(code)}, user=client_user)
        assert answer.status_code == 400
    assert api.delete(USER, {"otp_code": code}, user=client_user).json() == WRONG_CODE
    assert still_there(client_user)


def test_a22_sends_are_capped(api: Api, client_user: User) -> None:
    for _ in range(limits.OTP_SENDS.most):
        assert api.post(SEND, user=client_user).status_code == 200
    answer = api.post(SEND, user=client_user)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a22_administrators_are_not_deleted_over_the_api(api: Api, admin_user: User) -> None:
    """So that the last one can't lock everybody out."""
    message = {"detail": "Administrator accounts can't be deleted here."}
    for answer in (
        api.post(SEND, user=admin_user),
        api.delete(USER, {"password": PASSWORD}, user=admin_user),
    ):
        assert (answer.status_code, answer.json()) == (403, message)
    assert still_there(admin_user)


def test_anonymous(api: Api) -> None:
    for answer in (api.post(SEND), api.delete(USER, {"password": PASSWORD})):
        assert (answer.status_code, answer.json()) == (401, ANONYMOUS)


def test_malformed(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    bad: Any
    for bad in (1, [], {}, "", "a\x00", "\udfff", "x" * 9000):
        answer = api.delete(USER, {"password": bad, "otp_code": bad}, token=pair.access)
        assert answer.status_code == 400
        assert set(answer.json()) == {"password", "otp_code"}
    for bad in ("abcdef", "12345", "1234567", "١٢٣", "½½½½½½"):
        answer = api.delete(USER, {"otp_code": bad}, token=pair.access)
        assert answer.status_code in {400, 429}
    assert api.delete(USER, raw=b"{", token=pair.access).status_code == 400
    assert still_there(client_user)


def test_a_form_works_like_json(api: Api, client_user: User) -> None:
    answer = api.delete(
        USER,
        raw=b"password=" + PASSWORD.encode(),
        content_type="application/x-www-form-urlencoded",
        user=client_user,
    )
    assert answer.status_code == 204


# The job --------------------------------------------------------------------------------------


def test_a22_the_job_may_run_twice(api: Api, client_user: User) -> None:
    api.delete(USER, {"password": PASSWORD}, user=client_user)
    erased = facts_of(client_user)
    # A login that was under way while the account went.
    tokens_of(client_user)
    for _ in range(2):
        erase_account(user_id=client_user.id)
    assert not Session.objects.filter(user=client_user).exists()
    assert facts_of(client_user) == erased


def test_a22_the_job_leaves_living_accounts_alone(client_user: User) -> None:
    tokens_of(client_user)
    before = facts_of(client_user)
    erase_account(user_id=client_user.id)
    assert facts_of(client_user) == before
    assert Session.objects.filter(user=client_user).count() == 1


def facts_of(user: User) -> dict[str, Any]:
    return {**User.objects.filter(id=user.id).values().get()}
