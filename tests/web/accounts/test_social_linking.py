"""A social login at an address that has an account: decisions A17 and A3."""

from typing import Any

import pytest

from core.accounts.actions.codes import request_code
from core.accounts.models import OtpPurpose, OtpRequest, SocialIdentity, User
from core.accounts.otp import code_of
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.providers import Providers
from tests.web.accounts.social import BOTH, FACEBOOK, GOOGLE, TAKEN, log_in, nobody_joined

pytestmark = pytest.mark.django_db


def test_a17_google_runs_the_mailbox_so_the_account_is_linked(api: Api, providers: Providers) -> None:
    user = make_user("accountant", email="Amina.Benali@gmail.com")
    session = tokens_of(user)
    body = log_in(api, GOOGLE).json()
    assert body["user"]["pk"] == str(user.id)
    assert body["user"]["user_type"] == "accountant"
    assert body["user"]["full_name"] == user.full_name
    assert api.get("/auth/user/", token=session.access).status_code == 200
    login = api.post("/auth/login/", {"email": user.email, "password": PASSWORD})
    assert login.status_code == 200


def test_a17_a_domain_that_google_hosts_is_linked(api: Api, providers: Providers) -> None:
    providers.google_person(email="amina@cabinet.dz", hd="cabinet.dz")
    user = make_user(email="amina@cabinet.dz")
    assert log_in(api, GOOGLE).json()["user"]["pk"] == str(user.id)


def test_a17_an_address_that_google_verified_is_linked(api: Api, providers: Providers) -> None:
    providers.google_person(email="amina@yahoo.fr")
    user = make_user(email="amina@yahoo.fr")
    assert log_in(api, GOOGLE).json()["user"]["pk"] == str(user.id)


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_a17_facebook_vouches_for_no_address_so_nothing_is_linked(
    api: Api, providers: Providers, status: str
) -> None:
    user = make_user(email="yacine@example.com", status=status)
    answer = log_in(api, FACEBOOK)
    assert answer.status_code == 400
    assert answer.json() == TAKEN
    user.refresh_from_db()
    assert user.account_status == status
    assert user.check_password(PASSWORD)


def test_a17_an_admin_is_never_linked(api: Api, providers: Providers) -> None:
    make_user("admin", email="amina.benali@gmail.com", is_superuser=True)
    assert log_in(api, GOOGLE).json() == TAKEN


@pytest.mark.parametrize("email", ["amina.benali@gmail.com", "amina@yahoo.fr"])
def test_a17_an_unverified_account_is_taken_back_first(api: Api, providers: Providers, email: str) -> None:
    """Whoever registered somebody else's address keeps nothing of it."""
    providers.google_person(email=email)
    squatter = make_user(email=email, status="inactive")
    session = tokens_of(squatter)
    codes = [
        request_code(user=squatter, purpose=purpose, language="en")
        for purpose in (OtpPurpose.EMAIL_VERIFICATION, OtpPurpose.PASSWORD_RESET)
    ]
    body = log_in(api, GOOGLE).json()
    assert body["user"]["pk"] == str(squatter.id)
    assert body["user"]["account_status"] == "active"
    assert body["user"]["is_email_verified"] is True
    assert api.get("/auth/user/", token=body["access_token"]).status_code == 200
    assert api.get("/auth/user/", token=session.access).status_code == 401
    assert api.post("/api/token/refresh/", {"refresh": session.refresh}).status_code == 401
    assert api.post("/auth/login/", {"email": email, "password": PASSWORD}).status_code == 400
    reset = {"email": email, "otp_code": code_of(codes[1].id), "new_password": "Oasis-Palm-771"}
    assert api.post("/auth/password-reset/verify/", reset).status_code == 400
    assert not OtpRequest.objects.filter(voided_at=None).exists()


def test_a17_sockets_of_the_squatter_close(
    api: Api, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Any] = []
    monkeypatch.setattr("core.accounts.actions.sessions.jobs.close_sockets", lambda **ids: closed.append(ids))
    squatter = make_user(email="amina.benali@gmail.com", status="inactive")
    log_in(api, GOOGLE)
    assert closed == [{"user_id": squatter.id, "keep_session_id": None}]


@pytest.mark.parametrize("flag", [False, None])
def test_a17_an_address_google_calls_unverified_counts_for_nothing(
    api: Api, providers: Providers, flag: bool | None
) -> None:
    providers.google_person(email_verified=flag)
    answer = log_in(api, GOOGLE)
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["Your Google account has no verified email address."]}
    assert nobody_joined()


@pytest.mark.parametrize("reply", ["/google/tokeninfo", "/google/userinfo"])
def test_a17_both_answers_must_agree_on_the_address(api: Api, providers: Providers, reply: str) -> None:
    make_user(email="victim@gmail.com")
    providers.replies[reply].body["email"] = "victim@gmail.com"
    assert log_in(api, GOOGLE).status_code == 400
    providers.google_person()
    providers.replies[reply].body["email_verified"] = False
    assert log_in(api, GOOGLE).status_code == 400
    assert not SocialIdentity.objects.exists()


@BOTH
@pytest.mark.parametrize("email", [None, "", "not-an-address", "a\x00@gmail.com"])
def test_a17_without_an_address_there_is_no_account(
    api: Api, providers: Providers, path: str, email: str | None
) -> None:
    providers.google_person(email=email)
    providers.facebook_person(email=email)
    answer = log_in(api, path)
    assert answer.status_code == 400
    assert "shares no email address" in answer.json()["non_field_errors"][0]
    assert nobody_joined()


def reset_by_mail(api: Api, owner: User) -> None:
    request = request_code(user=owner, purpose=OtpPurpose.PASSWORD_RESET, language="en")
    body = {"email": owner.email, "otp_code": code_of(request.id), "new_password": "Oasis-Palm-771"}
    assert api.post("/auth/password-reset/verify/", body).status_code == 200


def test_a17_a_reset_by_mail_drops_a_link_that_never_proved_the_address(
    api: Api, providers: Providers
) -> None:
    """Facebook made the account; the mailbox's owner takes it with a code, and keeps it."""
    log_in(api, FACEBOOK)
    owner = User.objects.get()
    reset_by_mail(api, owner)
    assert log_in(api, FACEBOOK).json() == TAKEN


def test_a17_google_takes_back_what_facebook_only_told(api: Api, providers: Providers) -> None:
    providers.facebook_person(email="amina.benali@gmail.com")
    pretender = log_in(api, FACEBOOK).json()
    owner = log_in(api, GOOGLE).json()
    assert owner["user"]["pk"] == pretender["user"]["pk"]
    assert api.get("/auth/user/", token=pretender["access_token"]).status_code == 401
    assert log_in(api, FACEBOOK).json() == TAKEN


def test_a17_a_reset_keeps_a_link_that_proves_the_address(api: Api, providers: Providers) -> None:
    log_in(api, GOOGLE)
    owner = User.objects.get()
    reset_by_mail(api, owner)
    assert log_in(api, GOOGLE).status_code == 200


@pytest.mark.parametrize("verified", [True, False])
def test_a3_a_suspended_account_is_refused(api: Api, providers: Providers, verified: bool) -> None:
    user = make_user(email="amina.benali@gmail.com", status="suspended", is_email_verified=verified)
    answer = log_in(api, GOOGLE)
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["This account is suspended."]}
    user.refresh_from_db()
    assert (user.account_status, user.is_email_verified) == ("suspended", verified)
    assert user.check_password(PASSWORD)
    assert not SocialIdentity.objects.exists()


@BOTH
def test_a3_a_linked_account_is_refused_once_suspended(api: Api, providers: Providers, path: str) -> None:
    log_in(api, path)
    User.objects.update(account_status="suspended")
    assert log_in(api, path).json() == {"non_field_errors": ["This account is suspended."]}
