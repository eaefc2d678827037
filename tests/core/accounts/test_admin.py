"""Accounts in Django's admin: F7's suspend and activate, and its login."""

import re
from collections.abc import Callable
from io import StringIO
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import escape

from core.accounts import limits
from core.accounts.actions.codes import request_code
from core.accounts.models import OtpPurpose, Session, SocialIdentity, User
from core.accounts.otp import code_of
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, make_user, tokens_of

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"
LOGIN = "/admin/login/?next=/admin/"
NEW = "Another-Dune-7788"
WRONG = "Please enter the correct email and password for a staff account."


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    client.force_login(admin_user)
    return client


def page_of(user: User) -> str:
    return f"{LIST}{user.id}/change/"


def facts_of(user: User) -> dict[str, Any]:
    return {**User.objects.filter(id=user.id).values().get()}


def act(admin: Client, action: str, *users: User) -> str:
    """The page after an action on the selected users."""
    body = {"action": action, "_selected_action": [str(user.id) for user in users]}
    return admin.post(LIST, body, follow=True).content.decode()


def try_login(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": email, "password": password})


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


# Coming in ------------------------------------------------------------------------------------


def test_an_admin_comes_in_by_email_whatever_its_case(client: Client, admin_user: User) -> None:
    answer = try_login(client, admin_user.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_user("client"),
        lambda: make_user("accountant"),
        lambda: make_user("admin", status="suspended", is_superuser=True),
        lambda: make_user("admin", password=None, is_superuser=True),
        lambda: User(email="nobody@example.com"),
    ],
)
def test_everybody_else_gets_one_answer(client: Client, make: Callable[[], User]) -> None:
    answer = try_login(client, make().email)
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert client.get(LIST).status_code == 302


def test_anonymous_and_strangers_see_nothing(client: Client, client_user: User) -> None:
    for path in ("/admin/", LIST, page_of(client_user), "/admin/password_change/"):
        assert client.get(path)["Location"].startswith("/admin/login/")
    client.force_login(client_user)
    assert client.get(LIST).status_code == 302
    assert client.post(LIST, {"action": "suspend"}).status_code == 302


def test_malformed_logins_are_answered(client: Client) -> None:
    for bad in ("", "a\x00", "x" * 9000, "محاسب"):
        assert try_login(client, bad, bad).status_code == 200


def test_a6_wrong_passwords_meet_the_same_cap_as_over_the_api(
    client: Client, api: Api, admin_user: User
) -> None:
    for email in (admin_user.email, "nobody@example.com"):
        for _ in range(limits.WRONG_LOGINS.most - 1):
            assert WRONG in try_login(client, email, "wrong").content.decode()
        # The one that reaches the cap, and the right password behind it, hear of the cap.
        for password in ("wrong", PASSWORD):
            page = try_login(client, email, password).content.decode()
            assert "Too many requests" in page
        login = api.post("/auth/login/", {"email": email, "password": PASSWORD})
        assert login.status_code == 429
    assert client.get(LIST).status_code == 302


def test_a4_unknown_emails_and_clients_take_as_long(
    client: Client, admin_user: User, client_user: User, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = ["core.accounts.hashers.Argon2idHasher"]
    for user in (admin_user, client_user):
        user.set_password(PASSWORD)
        user.save()
    emails = (admin_user.email, client_user.email, "nobody@example.com")
    took: dict[str, list[float]] = {email: [] for email in emails}
    for _ in range(9):
        for email in emails:
            started = perf_counter()
            try_login(client, email, "wrong-password")
            took[email].append(perf_counter() - started)
    known, *others = took.values()
    for other in others:
        assert min(known) <= median(other) * 1.5
        assert min(other) <= median(known) * 1.5


def test_a10_changing_ones_password_in_the_admin_goes_the_same_way(
    client: Client, api: Api, admin_user: User
) -> None:
    pair = tokens_of(admin_user)
    client.force_login(admin_user)
    elsewhere = Client()
    elsewhere.force_login(admin_user)
    body = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    wrong = client.post("/admin/password_change/", body | {"old_password": "wrong"})
    assert wrong.status_code == 200
    assert client.post("/admin/password_change/", body).status_code == 302
    assert client.get(LIST).status_code == 200
    assert elsewhere.get(LIST).status_code == 302
    assert api.get("/auth/user/", token=pair.access).status_code == 401
    assert Job.objects.filter(name="accounts.send_notice_email").count() == 1
    assert try_login(Client(), admin_user.email, NEW).status_code == 302


# createsuperuser ------------------------------------------------------------------------------


def create(email: str) -> None:
    call_command("createsuperuser", interactive=False, email=email, stdout=StringIO())


def test_createsuperuser_makes_an_admin_who_can_log_in(
    client: Client, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    create("Boss@Example.com")
    user = User.objects.get()
    assert (user.user_type, user.account_status) == ("admin", "active")
    assert user.is_superuser
    assert user.is_staff
    assert user.is_email_verified
    assert try_login(client, "boss@example.com").status_code == 302
    assert client.get(LIST).status_code == 200
    login = api.post("/auth/login/", {"email": "boss@example.com", "password": PASSWORD})
    assert login.json()["user"]["user_type"] == "admin"


@pytest.mark.parametrize("email", ["not-an-address", "", "BOSS@example.com", "x" * 300 + "@a.dz"])
def test_createsuperuser_says_what_is_wrong(email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    create("boss@example.com")
    with pytest.raises(CommandError):
        create(email)
    assert User.objects.count() == 1
