"""The account that a first social login makes: decision A15."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from core.accounts.models import Session, SocialIdentity, User
from tests.cast import Api
from tests.providers import TOKEN, Providers
from tests.web.accounts.social import BOTH, FACEBOOK, GOOGLE, log_in, nobody_joined

pytestmark = pytest.mark.django_db


@BOTH
def test_a15_a_new_person_gets_an_active_verified_client(api: Api, providers: Providers, path: str) -> None:
    answer = log_in(api, path)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "refresh_token", "user"}
    assert set(body["user"]) == {
        "pk", "email", "full_name", "user_type", "company_name", "job_title", "phone", "bio",
        "profile_picture_url", "is_email_verified", "account_status", "created_at", "updated_at",
    }  # fmt: skip
    assert body["user"]["user_type"] == "client"
    assert body["user"]["account_status"] == "active"
    assert body["user"]["is_email_verified"] is True
    assert api.get("/profiles/me/", token=body["access_token"]).status_code == 200
    refreshed = api.post("/api/token/refresh/", {"refresh": body["refresh_token"]})
    assert refreshed.status_code == 200
    assert mail.outbox == []


def test_a15_the_name_and_address_are_the_providers(api: Api, providers: Providers) -> None:
    google_user = log_in(api, GOOGLE).json()["user"]
    assert google_user["full_name"] == "Amina Benali"
    assert google_user["email"] == "amina.benali@gmail.com"
    facebook_user = log_in(api, FACEBOOK).json()["user"]
    assert facebook_user["full_name"] == "Yacine Haddad"
    assert facebook_user["email"] == "yacine@example.com"


@BOTH
@pytest.mark.parametrize("user_type", ["client", "accountant", "academic"])
def test_a15_the_role_may_be_chosen(api: Api, providers: Providers, path: str, user_type: str) -> None:
    assert log_in(api, path, user_type=user_type).json()["user"]["user_type"] == user_type


@BOTH
def test_a15_nobody_becomes_an_admin(api: Api, providers: Providers, path: str) -> None:
    answer = log_in(api, path, user_type="admin")
    assert answer.status_code == 400
    assert answer.json() == {"user_type": ['"admin" is not a valid choice.']}
    assert nobody_joined()


@BOTH
def test_a15_the_second_login_is_the_same_account(api: Api, providers: Providers, path: str) -> None:
    first = log_in(api, path, user_type="academic").json()["user"]
    again = log_in(api, path, user_type="client").json()["user"]
    assert again["pk"] == first["pk"]
    assert again["user_type"] == "academic"
    assert Session.objects.count() == 2


def test_a15_the_person_is_known_by_subject_not_by_address(api: Api, providers: Providers) -> None:
    first = log_in(api, GOOGLE).json()["user"]
    providers.google_person(email="new.address@gmail.com")
    assert log_in(api, GOOGLE).json()["user"]["pk"] == first["pk"]
    providers.google_person(sub="another-person", email="other@gmail.com")
    assert log_in(api, GOOGLE).json()["user"]["pk"] != first["pk"]


@BOTH
def test_a15_the_account_has_no_password(api: Api, providers: Providers, path: str) -> None:
    email = log_in(api, path).json()["user"]["email"]
    assert not User.objects.get().has_usable_password()
    for password in ("", "!", TOKEN):
        assert api.post("/auth/login/", {"email": email, "password": password}).status_code == 400


def test_a15_a_strange_name_is_made_storable(api: Api, providers: Providers) -> None:
    providers.google_person(name="\u202eAmina\x00\r\n\u0085  Benali " + "x" * 400)
    answer = log_in(api, GOOGLE)
    assert answer.status_code == 200
    assert answer.json()["user"]["full_name"].startswith("Amina Benali xxx")
    assert len(answer.json()["user"]["full_name"]) == 255


@BOTH
def test_a15_half_characters_in_a_name_are_dropped(api: Api, providers: Providers, path: str) -> None:
    providers.google_person(name="Amina\ud83d \udfffBenali \U0001f600")
    providers.facebook_person(name="Amina\ud83d \udfffBenali \U0001f600")
    assert log_in(api, path).status_code == 200
    assert User.objects.get().full_name == "Amina Benali \U0001f600"


def test_a15_without_a_name_it_stays_empty(api: Api, providers: Providers) -> None:
    providers.facebook_person(name=None)
    assert log_in(api, FACEBOOK).json()["user"]["full_name"] == ""


@pytest.mark.django_db(transaction=True)
@BOTH
def test_a15_two_first_logins_at_once_make_one_account(providers: Providers, path: str) -> None:
    together = threading.Barrier(4)

    def first_login(_: int) -> Any:
        together.wait()
        try:
            return log_in(Api(), path)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(first_login, range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["user"]["pk"] for answer in answers}) == 1
    assert User.objects.count() == SocialIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@BOTH
def test_a15_a_first_login_that_comes_second_finds_the_account_of_the_first(
    api: Api, providers: Providers, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one commits while this one has already looked for the address in vain."""
    look = User.objects.with_email
    others: list[Any] = []

    def log_in_elsewhere() -> None:
        try:
            others.append(log_in(Api(), path))
        finally:
            connections.close_all()

    def slow_look(email: str) -> User | None:
        found = look(email)
        if not others and threading.current_thread() is threading.main_thread():
            with ThreadPoolExecutor(1) as pool:
                pool.submit(log_in_elsewhere).result()
        return found

    monkeypatch.setattr(User.objects, "with_email", slow_look)
    mine = log_in(api, path)
    assert [mine.status_code, others[0].status_code] == [200, 200]
    assert mine.json()["user"]["pk"] == others[0].json()["user"]["pk"]
