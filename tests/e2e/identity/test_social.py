"""Logging in with Google and Facebook: decisions A15 to A17, and providers that are down."""

from uuid import uuid4

import httpx
import pytest

from tests.e2e.harness import Product
from tests.e2e.identity.account import INACTIVE, NO_LOGIN, Account, Admin
from tests.providers import GOOGLE_CLIENT_ID, TOKEN, Providers, Reply

BOTH = pytest.mark.parametrize("provider", ["google", "facebook"])
FIRST_CALL = {"google": "/google/tokeninfo", "facebook": "/facebook/debug_token"}
REFUSED = {
    "google": {"non_field_errors": ["Google did not accept this access token."]},
    "facebook": {"non_field_errors": ["Facebook did not accept this access token."]},
}
TAKEN = {"non_field_errors": ["An account with this email address already exists. Log in with its password."]}


def join_with(account: Account, provider: str, **more: str) -> httpx.Response:
    """POST /auth/google/ or /auth/facebook/; keeps the tokens of a success."""
    answer = account.call("POST", f"/auth/{provider}/", {"access_token": TOKEN} | more, token="")
    if answer.status_code == 200:
        account.access, account.refresh = answer.json()["access_token"], answer.json()["refresh_token"]
        account.id = answer.json()["user"]["pk"]
    return answer


def be(providers: Providers, account: Account, **facts: object) -> None:
    """The stand-ins know a person that nobody has seen, with the account's address."""
    providers.google_person(sub=uuid4().hex, email=account.email, **facts)
    providers.facebook_person(id=uuid4().hex, email=account.email)


@BOTH
def test_a15_a_new_person_is_active_and_has_the_chosen_role(
    product: Product, providers: Providers, provider: str
) -> None:
    with Account(product) as person:
        be(providers, person)
        user = join_with(person, provider, user_type="academic").json()["user"]
        assert (user["user_type"], user["account_status"], user["is_email_verified"]) == (
            "academic", "active", True,
        )  # fmt: skip
        assert person.is_let_in()
        assert person.opens_a_socket()
        assert join_with(person, provider).json()["user"]["pk"] == user["pk"]
        be(providers, other := Account(product))
        with other:
            assert join_with(other, provider).json()["user"]["user_type"] == "client"
            refused = join_with(other, provider, user_type="admin")
            assert refused.json() == {"user_type": ['"admin" is not a valid choice.']}


@BOTH
def test_a16_a_token_made_for_another_app_is_refused(
    product: Product, providers: Providers, provider: str
) -> None:
    with Account(product) as person:
        be(providers, person)
        reply = providers.replies[FIRST_CALL[provider]].body
        told = reply if provider == "google" else reply["data"]
        told.update({"aud": "another-app", "azp": GOOGLE_CLIENT_ID, "app_id": "666"})
        answer = join_with(person, provider)
        assert (answer.status_code, answer.json()) == (400, REFUSED[provider])
        unknown = person.call("POST", f"/auth/{provider}/", {"access_token": "of-nobody"}, token="")
        assert (unknown.status_code, unknown.json()) == (400, REFUSED[provider])


def test_a17_a_verified_account_is_linked_on_a_verified_email_alone(
    providers: Providers, account: Account
) -> None:
    was = (account.id, account.access)
    be(providers, account, email_verified=False)
    assert join_with(account, "google").status_code == 400
    refused = join_with(account, "facebook")
    assert (refused.status_code, refused.json()) == (400, TAKEN)
    be(providers, account)
    assert join_with(account, "google").status_code == 200
    assert account.id == was[0]
    assert account.call("GET", "/auth/user/", token=was[1]).status_code == 200
    assert account.log_in().status_code == 200


def test_a17_an_unverified_account_is_taken_back(providers: Providers, newcomer: Account) -> None:
    squatter = (newcomer.access, newcomer.refresh)
    be(providers, newcomer)
    assert join_with(newcomer, "google").status_code == 200
    assert newcomer.is_let_in()
    assert newcomer.log_in().json() == NO_LOGIN
    assert newcomer.call("GET", "/auth/user/", token=squatter[0]).status_code == 401
    assert newcomer.renew(squatter[1]).status_code == 401


def test_a3_a_suspended_person_is_refused(product: Product, providers: Providers, admin: Admin) -> None:
    with Account(product) as person:
        be(providers, person)
        join_with(person, "google")
        admin.act("suspend", person)
        assert person.get("/auth/user/").json() == INACTIVE
        answer = join_with(person, "google")
        assert answer.json() == {"non_field_errors": ["This account is suspended."]}


@BOTH
@pytest.mark.parametrize("reply", [Reply({}, status=500), Reply(raw=b"<html>")])
def test_a_provider_without_a_usable_answer_is_unavailable(
    product: Product, providers: Providers, provider: str, reply: Reply
) -> None:
    with Account(product) as person:
        be(providers, person)
        working = providers.replies[FIRST_CALL[provider]]
        providers.replies[FIRST_CALL[provider]] = reply
        answer = join_with(person, provider)
        assert answer.status_code == 503
        assert set(answer.json()) == {"detail"}
        assert int(answer.headers["Retry-After"]) > 0
        providers.replies[FIRST_CALL[provider]] = working
        assert join_with(person, provider).status_code == 200
