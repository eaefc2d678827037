"""Accounts in Django's admin: the list, an account, and F7's suspend and activate."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.html import escape

from core.accounts.actions.codes import request_code
from core.accounts.models import OtpPurpose, Session, SocialIdentity, User
from core.accounts.otp import code_of
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.core.accounts.pages import LIST, act, facts_of, page_of, try_login

pytestmark = pytest.mark.django_db


# The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["amina", "BENALI", "0555", "@cabinet.dz"])
def test_search_finds_by_name_email_and_phone(admin: Client, term: str) -> None:
    make_user(email="amina@cabinet.dz", full_name="Amina Benali", phone="+213055512")
    make_user(email="other@example.com", full_name="Somebody Else", phone="+33")
    page = admin.get(LIST, {"q": term}).content.decode()
    assert "amina@cabinet.dz" in page
    assert "other@example.com" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"user_type__exact": "accountant"}, {"accountant"}),
        ({"account_status__exact": "suspended"}, {"suspended"}),
        ({"is_email_verified__exact": "0"}, {"unverified"}),
        ({"deleted_at__isempty": "0"}, {"deleted"}),
    ],
)
def test_filters_by_role_and_status(admin: Client, query: dict[str, str], shown: set[str]) -> None:
    make_user("accountant", email="accountant@example.com")
    make_user(status="suspended", email="suspended@example.com")
    make_user(is_email_verified=False, email="unverified@example.com")
    deleted = make_user(email="deleted@example.com")
    User.objects.filter(id=deleted.id).update(deleted_at="2026-01-01T00:00:00Z")
    page = admin.get(LIST, query).content.decode()
    found = set(re.findall(r"(accountant|suspended|unverified|deleted)@example\.com", page))
    assert found == shown


def test_strange_searches_are_answered(admin: Client) -> None:
    for term in ("a\x00b", "%", "'; --", "محاسب", "x" * 5000):
        assert admin.get(LIST, {"q": term}).status_code in {200, 302}


# One account ----------------------------------------------------------------------------------


def test_no_token_code_or_hash_is_shown(admin: Client, client_user: User) -> None:
    pair = tokens_of(client_user)
    session = Session.objects.get(user=client_user)
    request = request_code(user=client_user, purpose=OtpPurpose.PASSWORD_RESET, language="en")
    SocialIdentity.objects.create(
        user=client_user, provider="google", subject="subject-42", proves_email=True
    )
    page = admin.get(page_of(client_user)).content.decode()
    assert "Google" in page
    assert session.user_agent in page
    secrets = [
        client_user.password,
        escape(client_user.password),
        "argon2",
        pair.access,
        pair.refresh,
        str(session.refresh_jti),
        code_of(request.id),
        str(request.id),
        "subject-42",
    ]
    assert [secret for secret in secrets if secret in page] == []


def test_no_other_page_leads_to_secrets(admin: Client, client_user: User) -> None:
    for path in (
        "/admin/accounts/session/",
        "/admin/accounts/otprequest/",
        "/admin/accounts/attempt/",
        "/admin/accounts/socialidentity/",
        "/admin/auth/group/",
        f"{LIST}{client_user.id}/password/",
        f"{LIST}add/",
        f"{LIST}{client_user.id}/delete/",
    ):
        assert admin.get(path).status_code in {302, 403, 404}, path


def test_names_and_phone_can_be_mended_and_nothing_else(admin: Client, client_user: User) -> None:
    tokens_of(client_user)
    session = Session.objects.get(user=client_user)
    body = {
        "full_name": "Amina Mended",
        "phone": "+213770000000",
        "company_name": "",
        "job_title": "",
        "email": "stolen@example.com",
        "user_type": "admin",
        "account_status": "suspended",
        "is_superuser": "on",
        "password": "plain",
        "sessions-TOTAL_FORMS": "1",
        "sessions-INITIAL_FORMS": "1",
        "sessions-0-id": str(session.id),
        "sessions-0-user": str(client_user.id),
        "sessions-0-user_agent": "forged",
        "sessions-0-DELETE": "on",
        "social_identities-TOTAL_FORMS": "0",
        "social_identities-INITIAL_FORMS": "0",
    }
    before = facts_of(client_user)
    assert admin.post(page_of(client_user), body).status_code == 302
    after = facts_of(client_user)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"full_name", "phone", "updated_at"}
    assert after["full_name"] == "Amina Mended"
    session.refresh_from_db()
    assert session.user_agent == "tests"


def test_a_deleted_account_is_only_looked_at(admin: Client, client_user: User) -> None:
    User.objects.filter(id=client_user.id).update(deleted_at="2026-01-01T00:00:00Z")
    page = admin.get(page_of(client_user))
    assert page.status_code == 200
    assert b'name="full_name"' not in page.content
    assert admin.post(page_of(client_user), {"full_name": "Back"}).status_code == 403


def test_an_unknown_account(admin: Client) -> None:
    for path in (f"{LIST}00000000-0000-0000-0000-000000000000/change/", f"{LIST}1/change/"):
        assert admin.get(path).status_code == 302


# The actions ----------------------------------------------------------------------------------


def test_suspend_shuts_out_at_once_and_is_logged(
    admin: Client, api: Api, client_user: User, stranger: User
) -> None:
    pair = tokens_of(client_user)
    assert "Accounts changed: 1." in act(admin, "suspend", client_user)
    client_user.refresh_from_db()
    stranger.refresh_from_db()
    assert (client_user.account_status, stranger.account_status) == ("suspended", "active")
    assert api.get("/auth/user/", token=pair.access).json()["code"] == "user_inactive"
    assert Job.objects.get(name="accounts.close_sockets").params == {"user_id": str(client_user.id)}
    entry = LogEntry.objects.get()
    assert entry.change_message == "Suspended."
    assert entry.object_id == str(client_user.id)
    assert "Accounts changed: 0." in act(admin, "suspend", client_user)
    assert LogEntry.objects.count() == 1


def test_activate_lifts_a_suspension_and_vouches_for_an_address(admin: Client, api: Api) -> None:
    users = [make_user(status="suspended"), make_user(status="inactive"), make_user()]
    assert "Accounts changed: 2." in act(admin, "activate", *users)
    for user in users:
        login = {"email": user.email, "password": PASSWORD}
        assert api.post("/auth/login/", login).status_code == 200


def test_end_sessions_logs_out_everywhere(admin: Client, api: Api, client_user: User) -> None:
    pairs = [tokens_of(client_user), tokens_of(client_user)]
    act(admin, "end_sessions", client_user)
    for pair in pairs:
        assert api.get("/auth/user/", token=pair.access).status_code == 401
        assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).status_code == 401
    assert Job.objects.filter(name="accounts.close_sockets").count() == 1


def test_end_sessions_ends_the_cookies_of_an_admin(admin: Client, admin_user: User) -> None:
    another = make_user("admin", is_superuser=True)
    theirs = Client()
    theirs.force_login(another)
    act(admin, "end_sessions", another)
    assert theirs.get(LIST).status_code == 302
    assert try_login(theirs, another.email).status_code == 302
    assert (theirs.get(LIST).status_code, admin.get(LIST).status_code) == (200, 200)


def test_a_cookie_does_not_outlive_a_suspension_that_is_lifted(admin: Client) -> None:
    another = make_user("admin", is_superuser=True)
    theirs = Client()
    theirs.force_login(another)
    act(admin, "suspend", another)
    act(admin, "activate", another)
    assert theirs.get(LIST).status_code == 302


def test_nobody_suspends_themselves(admin: Client, admin_user: User, client_user: User) -> None:
    page = act(admin, "suspend", admin_user, client_user)
    assert "You can&#x27;t suspend yourself." in page
    admin_user.refresh_from_db()
    client_user.refresh_from_db()
    assert (admin_user.account_status, client_user.account_status) == ("active", "suspended")


def test_a_deleted_account_is_not_brought_back(admin: Client, client_user: User) -> None:
    User.objects.filter(id=client_user.id).update(
        deleted_at="2026-01-01T00:00:00Z", account_status="inactive"
    )
    assert "Accounts changed: 0." in act(admin, "activate", client_user)


def test_a_suspended_admin_is_out_at_once(admin: Client, admin_user: User) -> None:
    User.objects.filter(id=admin_user.id).update(account_status="suspended")
    answer = admin.get(LIST)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
