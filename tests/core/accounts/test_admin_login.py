"""Coming in to Django's admin, and making those who may."""

from collections.abc import Callable
from io import StringIO
from statistics import median
from time import perf_counter

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts import limits
from core.accounts.models import User
from core.jobs.models import Job
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.core.accounts.pages import LIST, NEW, WRONG, page_of, try_login

pytestmark = pytest.mark.django_db


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
        for _ in range(limits.WRONG_LOGINS.most):
            assert WRONG in try_login(client, email, "wrong").content.decode()
        # One more, and the right password behind it, hear of the cap.
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
