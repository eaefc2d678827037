"""Login, the token pair, refresh and logout: decisions A3, A4, A10 to A12 and A14."""

from collections import Counter
from statistics import median
from time import perf_counter

import pytest
from django.conf import LazySettings

from core.accounts import limits, tokens
from core.accounts.models import Session, User
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
DEAD = {"detail": "Token is invalid or expired", "code": "token_not_valid"}
WRONG = {"non_field_errors": ["Unable to log in with provided credentials."]}


def credentials(user: User, password: str = PASSWORD) -> dict[str, str]:
    return {"email": user.email, "password": password}


def test_login_works(api: Api, client_user: User) -> None:
    answer = api.post("/auth/login/", credentials(client_user))
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "refresh_token", "user"}
    assert set(body["user"]) == {
        "pk", "email", "full_name", "user_type", "company_name", "job_title", "phone", "bio",
        "profile_picture_url", "is_email_verified", "account_status", "created_at", "updated_at",
    }  # fmt: skip
    assert body["user"]["created_at"].endswith("Z")
    assert api.get("/profiles/me/", token=body["access_token"]).status_code == 200


def test_login_finds_the_email_without_case(api: Api, client_user: User) -> None:
    shouted = {"email": client_user.email.upper(), "password": PASSWORD}
    assert api.post("/auth/login/", shouted).status_code == 200


@pytest.mark.parametrize("path", ["/auth/login/", "/api/token/"])
def test_malformed(api: Api, path: str) -> None:
    required = ["This field is required."]
    assert api.post(path, {}).json() == {"email": required, "password": required}
    wrong: tuple[object, ...] = (None, 1, [], {}, "", "a\x00", "x" * 9000, "\udfff")
    for bad in wrong:
        answer = api.post(path, {"email": bad, "password": bad})
        assert answer.status_code == 400
        assert set(answer.json()) == {"email", "password"}


@pytest.mark.parametrize(
    ("status", "message"),
    [("inactive", "This account is not activated."), ("suspended", "This account is suspended.")],
)
def test_a3_login_while_not_active(api: Api, status: str, message: str) -> None:
    user = make_user(status=status)
    answer = api.post("/auth/login/", credentials(user))
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": [message]}
    assert api.post("/auth/login/", credentials(user, "wrong-password")).json() == WRONG


def test_a4_one_message_for_unknown_email_and_wrong_password(api: Api, client_user: User) -> None:
    unknown = {"email": "nobody@example.com", "password": PASSWORD}
    for body in (unknown, credentials(client_user, "wrong")):
        answer = api.post("/auth/login/", body)
        assert answer.status_code == 400
        assert answer.json() == WRONG


def test_a4_unknown_emails_take_as_long(api: Api, settings: LazySettings) -> None:
    """The two distributions overlap: each median lies within the other's range."""
    settings.PASSWORD_HASHERS = ["core.accounts.hashers.Argon2idHasher"]
    known = make_user()
    took: dict[str, list[float]] = {known.email: [], "nobody@example.com": []}
    for _ in range(9):
        for email, times in took.items():
            started = perf_counter()
            api.post("/auth/login/", {"email": email, "password": "wrong-password"})
            times.append(perf_counter() - started)
    one, other = took.values()
    assert min(one) <= median(other) * 1.5
    assert min(other) <= median(one) * 1.5


def test_a6_wrong_passwords_are_capped_for_each_identity(api: Api, client_user: User) -> None:
    for _ in range(limits.WRONG_LOGINS.most):
        assert api.post("/auth/login/", credentials(client_user, "wrong")).status_code == 400
    answer = api.post("/auth/login/", credentials(client_user))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert list(answer.json()) == ["detail"]
    assert api.post("/api/token/", credentials(client_user)).status_code == 429
    assert api.post("/auth/login/", credentials(make_user())).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a6_parallel_guesses_of_a_password_never_pass_the_cap(client_user: User) -> None:
    body = {"email": client_user.email, "password": "wrong"}
    guesses = [lambda: Api().post("/auth/login/", body).status_code for _ in range(16)]
    assert Counter(at_once(*guesses)) == {400: limits.WRONG_LOGINS.most, 429: 6}
    right = body | {"password": PASSWORD}
    assert Api().post("/auth/login/", right).status_code == 429


def test_a6_throttles_off_lifts_the_cap_on_logins(
    api: Api, client_user: User, settings: LazySettings
) -> None:
    settings.THROTTLES = False
    for _ in range(limits.WRONG_LOGINS.most + 1):
        api.post("/auth/login/", credentials(client_user, "wrong"))
    assert api.post("/auth/login/", credentials(client_user)).status_code == 200


def test_a12_token_pair_has_its_own_names(api: Api, client_user: User) -> None:
    answer = api.post("/api/token/", credentials(client_user))
    assert answer.status_code == 200
    assert set(answer.json()) == {"refresh", "access"}


def test_token_pair_refuses_with_401(api: Api, client_user: User) -> None:
    for body in (credentials(client_user, "no"), credentials(make_user(status="inactive"))):
        answer = api.post("/api/token/", body)
        assert answer.status_code == 401
        assert answer.json() == {"detail": "No active account found with the given credentials"}


def test_a14_login_mirrors_account_and_profile(api: Api, accountant: User) -> None:
    accountant.company_name, accountant.job_title = "Cabinet", "Expert"
    accountant.save()
    accountant.profile.bio = "محاسب"
    accountant.profile.save()
    user = api.post("/auth/login/", credentials(accountant)).json()["user"]
    assert (user["company_name"], user["job_title"], user["bio"]) == ("Cabinet", "Expert", "محاسب")
    assert user["profile_picture_url"] is None


def test_refresh_works_and_keeps_the_token(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    answer = api.post("/api/token/refresh/", {"refresh": pair.refresh})
    assert answer.status_code == 200
    assert set(answer.json()) == {"access"}
    assert api.get("/auth/user/", token=answer.json()["access"]).status_code == 200
    assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).status_code == 200


def test_refresh_refuses_what_is_no_refresh_token(api: Api, client_user: User) -> None:
    for bad in ("x", "a.b.c", tokens_of(client_user).access, "eyJ" * 900):
        answer = api.post("/api/token/refresh/", {"refresh": bad})
        assert answer.status_code == 401
        assert answer.json() == DEAD
    assert api.post("/api/token/refresh/", {}).json() == {"refresh": ["This field is required."]}


def test_refresh_of_a_suspended_account(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    User.objects.update(account_status="suspended")
    answer = api.post("/api/token/refresh/", {"refresh": pair.refresh})
    assert answer.status_code == 401
    assert answer.json()["code"] == "user_inactive"


def test_logout_ends_the_refresh_token_but_not_the_access_token(api: Api, client_user: User) -> None:
    pair = tokens_of(client_user)
    answer = api.post("/auth/logout/", {"refresh": pair.refresh}, token=pair.access)
    assert answer.status_code == 200
    assert answer.json() == {"detail": "Successfully logged out."}
    assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).json() == DEAD
    assert api.get("/auth/user/", token=pair.access).status_code == 200


def test_logout_needs_a_token(api: Api) -> None:
    answer = api.post("/auth/logout/")
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a11_logout_without_a_body_ends_its_own_session(api: Api, client_user: User) -> None:
    pair, other = tokens_of(client_user), tokens_of(client_user)
    assert api.post("/auth/logout/", token=pair.access).status_code == 200
    assert api.post("/api/token/refresh/", {"refresh": pair.refresh}).status_code == 401
    assert api.post("/api/token/refresh/", {"refresh": other.refresh}).status_code == 200


def test_a11_another_users_refresh_token_stays_alive(api: Api, client_user: User, stranger: User) -> None:
    theirs = tokens_of(stranger).refresh
    answer = api.post("/auth/logout/", {"refresh": theirs}, user=client_user)
    assert answer.status_code == 401
    assert answer.json() == DEAD
    assert api.post("/api/token/refresh/", {"refresh": theirs}).status_code == 200


def test_a11_ones_own_dead_token_is_fine(api: Api, client_user: User, settings: LazySettings) -> None:
    pair = tokens_of(client_user)
    for _ in range(2):
        answer = api.post("/auth/logout/", {"refresh": pair.refresh}, token=pair.access)
        assert answer.status_code == 200
    settings.REFRESH_TOKEN_LIFETIME = -3600
    expired = tokens.refresh_token(Session.objects.create(user=client_user))
    assert api.post("/auth/logout/", {"refresh": expired}, token=pair.access).status_code == 200


@pytest.mark.parametrize("refresh", ["garbage", "a.b.c", ""])
def test_logout_with_a_malformed_refresh(api: Api, client_user: User, refresh: str) -> None:
    answer = api.post("/auth/logout/", {"refresh": refresh}, user=client_user)
    assert answer.status_code == (401 if refresh else 200)


def test_logout_malformed(api: Api, client_user: User) -> None:
    answer = api.post("/auth/logout/", {"refresh": 7}, user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {"refresh": ["Not a valid string."]}
