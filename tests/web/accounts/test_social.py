"""Logging in with Google and Facebook: decisions A15 to A17."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection, connections

from core.accounts.actions.codes import request_code
from core.accounts.actions.social import log_in_with
from core.accounts.models import OtpPurpose, OtpRequest, Session, SocialIdentity, User
from core.accounts.otp import code_of
from core.accounts.social import calls, google
from core.redaction import redact
from tests import providers as fake
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.providers import TOKEN, Providers, Reply, running_providers

pytestmark = pytest.mark.django_db
GOOGLE, FACEBOOK = "/auth/google/", "/auth/facebook/"
BOTH = pytest.mark.parametrize("path", [GOOGLE, FACEBOOK])
FIRST_CALL = {GOOGLE: "/google/tokeninfo", FACEBOOK: "/facebook/debug_token"}
SECOND_CALL = {GOOGLE: "/google/userinfo", FACEBOOK: "/facebook/me"}
REFUSED = {
    GOOGLE: {"non_field_errors": ["Google did not accept this access token."]},
    FACEBOOK: {"non_field_errors": ["Facebook did not accept this access token."]},
}
TAKEN = {"non_field_errors": ["An account with this email address already exists. Log in with its password."]}


@pytest.fixture
def providers(settings: LazySettings) -> Iterator[Providers]:
    with running_providers() as server:
        settings.GOOGLE_CLIENT_ID = fake.GOOGLE_CLIENT_ID
        settings.GOOGLE_API_URL = f"{server.url}/google"
        settings.FACEBOOK_APP_ID = fake.FACEBOOK_APP_ID
        settings.FACEBOOK_APP_SECRET = fake.FACEBOOK_APP_SECRET
        settings.FACEBOOK_API_URL = f"{server.url}/facebook"
        yield server
        calls.shared_client().close()
        calls._client.cache_clear()


def log_in(api: Api, path: str, token: str = TOKEN, **more: Any) -> Any:
    return api.post(path, {"access_token": token} | more)


def nobody_joined() -> bool:
    return not User.objects.exists() and not SocialIdentity.objects.exists()


# A15: a new account ---------------------------------------------------------------------------


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


# A16: a token of another app ------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"aud": "another-app.apps.googleusercontent.com"},
        {"aud": ""},
        {"aud": None},
        {"aud": fake.GOOGLE_CLIENT_ID + ".evil.example"},
        {"aud": f"{fake.GOOGLE_CLIENT_ID},another-app"},
        {"expires_in": 0},
        {"expires_in": "-5"},
        {"sub": None},
        {"sub": "somebody-else"},
    ],
)
def test_a16_google_tokens_that_prove_nothing_to_us(
    api: Api, providers: Providers, facts: dict[str, Any]
) -> None:
    providers.replies["/google/tokeninfo"].body |= facts
    answer = log_in(api, GOOGLE)
    assert answer.status_code == 400
    assert answer.json() == REFUSED[GOOGLE]
    assert nobody_joined()


def test_a16_each_of_our_google_clients_will_do(
    api: Api, providers: Providers, settings: LazySettings
) -> None:
    settings.GOOGLE_CLIENT_ID = f"ios-app , {fake.GOOGLE_CLIENT_ID}"
    assert log_in(api, GOOGLE).status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"app_id": "999"},
        {"app_id": None},
        {"is_valid": False},
        {"user_id": None},
        {"user_id": "somebody-else"},
        {"expires_at": 1},
        {"type": "PAGE"},
        {"type": "APP"},
    ],
)
def test_a16_facebook_tokens_that_prove_nothing_to_us(
    api: Api, providers: Providers, facts: dict[str, Any]
) -> None:
    providers.replies["/facebook/debug_token"].body["data"] |= facts
    answer = log_in(api, FACEBOOK)
    assert answer.status_code == 400
    assert answer.json() == REFUSED[FACEBOOK]
    assert nobody_joined()


def test_a16_facebook_ids_may_come_as_numbers(api: Api, providers: Providers) -> None:
    providers.replies["/facebook/debug_token"].body["data"] |= {
        "app_id": int(fake.FACEBOOK_APP_ID),
        "user_id": 10158,
    }
    assert log_in(api, FACEBOOK).status_code == 200


@BOTH
def test_a16_a_token_the_provider_does_not_know(api: Api, providers: Providers, path: str) -> None:
    for token in ("forged", "forged\r\nX-Injected: 1", "مزور", "a" * 5000, " " + TOKEN):
        answer = log_in(api, path, token)
        assert answer.status_code == 400
        assert answer.json() == REFUSED[path]
    assert nobody_joined()


@BOTH
def test_a16_nothing_is_ours_while_the_provider_is_not_configured(
    api: Api, providers: Providers, path: str, settings: LazySettings
) -> None:
    settings.GOOGLE_CLIENT_ID = settings.FACEBOOK_APP_ID = ""
    providers.replies["/google/tokeninfo"].body["aud"] = ""
    answer = log_in(api, path)
    assert answer.status_code == 400
    assert list(answer.json()) == ["non_field_errors"]
    assert providers.requests == []


def test_a16_facebook_is_shown_that_we_hold_the_secret(api: Api, providers: Providers) -> None:
    log_in(api, FACEBOOK)
    proof = providers.requests[-1].query["appsecret_proof"]
    assert len(bytes.fromhex(proof)) == 32


# A17: an address that has an account ----------------------------------------------------------


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


def test_a17_a_reset_by_mail_drops_a_link_that_never_proved_the_address(
    api: Api, providers: Providers
) -> None:
    """Facebook made the account; the mailbox's owner takes it with a code, and keeps it."""
    log_in(api, FACEBOOK)
    owner = User.objects.get()
    request = request_code(user=owner, purpose=OtpPurpose.PASSWORD_RESET, language="en")
    body = {
        "email": owner.email,
        "otp_code": code_of(request.id),
        "new_password": "Oasis-Palm-771",
    }
    assert api.post("/auth/password-reset/verify/", body).status_code == 200
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
    request = request_code(user=owner, purpose=OtpPurpose.PASSWORD_RESET, language="en")
    body = {
        "email": owner.email,
        "otp_code": code_of(request.id),
        "new_password": "Oasis-Palm-771",
    }
    assert api.post("/auth/password-reset/verify/", body).status_code == 200
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


# The provider fails ---------------------------------------------------------------------------


def assert_unavailable(answer: Any) -> None:
    assert answer.status_code == 503
    assert list(answer.json()) == ["detail"]
    assert int(answer["Retry-After"]) > 0
    assert nobody_joined()


@BOTH
@pytest.mark.parametrize("call", [FIRST_CALL, SECOND_CALL])
@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, status=500),
        Reply({}, status=503),
        Reply({"error": "rate"}, status=429),
        Reply({}, status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}),
        Reply({}, status=204),
        Reply(raw=b"<html>captive portal</html>"),
        Reply(raw=b'{"sub": "1", '),
        Reply(raw=b"[" * 20_000),
        Reply(raw=b"\xff\xfe"),
        Reply(raw=b""),
        Reply([]),
        Reply(None),
        Reply({"sub": {"a": 1}, "id": {"a": 1}, "data": [1], "aud": [1]}),
        Reply({"padding": "x" * 200_000}),
    ],
)
def test_a_provider_without_a_usable_answer_is_unavailable(
    api: Api, providers: Providers, path: str, call: dict[str, str], reply: Reply
) -> None:
    providers.replies[call[path]] = reply
    assert_unavailable(log_in(api, path))


@BOTH
def test_a_provider_that_is_down_is_unavailable(
    api: Api, providers: Providers, path: str, settings: LazySettings
) -> None:
    with running_providers() as gone:
        settings.GOOGLE_API_URL = settings.FACEBOOK_API_URL = gone.url
    assert_unavailable(log_in(api, path))


@BOTH
@pytest.mark.parametrize("call", [FIRST_CALL, SECOND_CALL])
def test_a_provider_that_is_silent_is_unavailable(
    api: Api,
    providers: Providers,
    path: str,
    call: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calls, "READ_TIMEOUT", 0.2)
    hold = threading.Event()
    providers.replies[call[path]] = Reply(hold=hold)
    try:
        assert_unavailable(log_in(api, path))
    finally:
        hold.set()


@BOTH
def test_the_calls_of_one_login_share_one_budget(
    api: Api, providers: Providers, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "BUDGET", 0.0)
    assert_unavailable(log_in(api, path))
    assert providers.requests == []


@BOTH
def test_a_refusal_by_the_second_call_is_a_refusal(api: Api, providers: Providers, path: str) -> None:
    providers.replies[SECOND_CALL[path]] = Reply({"error": {"code": 190}}, status=401)
    assert log_in(api, path).json() == REFUSED[path]


@pytest.mark.parametrize("error", [{"code": 4}, {"code": 999, "is_transient": True}])
def test_facebook_says_with_a_400_that_it_is_busy(
    api: Api, providers: Providers, error: dict[str, Any]
) -> None:
    providers.replies["/facebook/me"] = Reply({"error": error}, status=400)
    assert_unavailable(log_in(api, FACEBOOK))


@BOTH
def test_once_the_provider_is_back_the_login_works(api: Api, providers: Providers, path: str) -> None:
    good = providers.replies[FIRST_CALL[path]]
    providers.replies[FIRST_CALL[path]] = Reply({}, status=500)
    assert log_in(api, path).status_code == 503
    providers.replies[FIRST_CALL[path]] = good
    assert log_in(api, path).status_code == 200


# What every route answers ---------------------------------------------------------------------


@BOTH
def test_malformed(api: Api, providers: Providers, path: str) -> None:
    assert api.post(path, {}).json() == {"access_token": ["This field is required."]}
    bad: Any
    for bad in (None, 1, [], {}, "", "  ", "a\x00", "\udfff", "x" * 9000):
        answer = api.post(path, {"access_token": bad, "user_type": bad})
        assert answer.status_code == 400
        assert set(answer.json()) == {"access_token", "user_type"}
    assert api.post(path, raw=b"{").status_code == 400
    assert api.get(path).status_code == 405
    assert providers.requests == []


def test_a_form_works_like_json(api: Api, providers: Providers) -> None:
    answer = api.post(
        GOOGLE,
        raw=b"access_token=" + TOKEN.encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200


@BOTH
def test_no_log_holds_the_token_or_the_secret(
    api: Api, providers: Providers, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    log_in(api, path)
    for reply in (Reply({}, status=500), Reply(raw=b"{"), Reply({}, status=400)):
        providers.replies[SECOND_CALL[path]] = reply
        log_in(api, path)
    assert "unavailable" in caplog.text
    for secret in (TOKEN, TOKEN.replace("/", "%2F"), fake.FACEBOOK_APP_SECRET):
        assert secret not in caplog.text


def test_logs_blank_the_secrets_of_such_urls() -> None:
    """Should anything log one all the same."""
    url = "https://graph.facebook.com/debug_token?input_token=A&access_token=1|B&appsecret_proof=C&x=1"
    assert redact(url).endswith("?input_token=[secret]&access_token=[secret]&appsecret_proof=[secret]&x=1")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_provider_is_asked(
    api: Api, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_then: list[bool] = []
    asked = google.identify

    def watched(token: str) -> Any:
        open_then.append(connection.in_atomic_block)
        return asked(token)

    monkeypatch.setitem(log_in_with.__globals__["_PROVIDERS"], "google", watched)
    assert log_in(api, GOOGLE).status_code == 200
    assert open_then == [False]
