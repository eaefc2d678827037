"""One-time codes: decisions A6 to A10 and A18."""

from collections import Counter

import httpx
import pytest

from core.accounts import limits, otp
from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.identity.account import (
    INACTIVE,
    NO_LOGIN,
    TOO_MANY,
    WRONG_CODE,
    Account,
    Admin,
    close_code,
    code_in,
    in_parallel,
    rows,
)
from tests.e2e.people import PATIENCE
from tests.local.running import until

VERIFY = "/auth/verify-email-otp/"
NEW = "Another-Dune-7788"
TRIES = "SELECT wrong_tries FROM accounts_otprequest WHERE user_id = %s AND voided_at IS NULL"


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def require_too_many(answer: httpx.Response, *, within: int) -> None:
    assert (answer.status_code, answer.json()) == (429, TOO_MANY)
    assert 0 < int(answer.headers["Retry-After"]) <= within


def test_a6_five_wrong_tries_kill_the_code_and_ten_the_hour(newcomer: Account) -> None:
    newcomer.ask_code()
    code = newcomer.mailed_code()
    for _ in range(otp.MAX_WRONG_TRIES):
        assert newcomer.verify_with(other(code)).json() == WRONG_CODE
    assert newcomer.verify_with(code).json() == WRONG_CODE
    newcomer.ask_code()
    fresh = newcomer.mailed_code(after=1)
    for _ in range(limits.WRONG_CODES.most - otp.MAX_WRONG_TRIES - 1):
        newcomer.verify_with(other(fresh))
    require_too_many(newcomer.verify_with(fresh), within=3600)


def test_a6_guesses_from_many_connections_never_pass_the_cap(product: Product, newcomer: Account) -> None:
    newcomer.ask_code()
    code = newcomer.mailed_code()
    body = {"email": newcomer.email, "otp_code": other(code)}
    guesses = in_parallel(newcomer.http, 24, VERIFY, body)
    assert Counter(guess.status_code for guess in guesses) == {400: limits.WRONG_CODES.most, 429: 14}
    assert rows(product, TRIES, newcomer.id) == [(otp.MAX_WRONG_TRIES,)]
    require_too_many(newcomer.verify_with(code), within=3600)


def test_a6_sends_are_capped_and_none_has_to_wait(product: Product, newcomer: Account) -> None:
    body = {"email": newcomer.email}
    asked = in_parallel(newcomer.http, 8, "/auth/send-email-otp/", body)
    assert Counter(answer.status_code for answer in asked) == {200: limits.OTP_SENDS.most, 429: 3}
    require_too_many(newcomer.ask_code(), within=600)
    until(lambda: len(product.mails(newcomer.email)) == limits.OTP_SENDS.most, why="a mail for each")
    codes = {code_in(mail.text) for mail in product.mails(newcomer.email)}
    assert sorted(newcomer.verify_with(code).status_code for code in codes) == [200] + [400] * (
        len(codes) - 1
    )


def test_a6_wrong_passwords_are_capped(account: Account) -> None:
    body = {"email": account.email, "password": "wrong"}
    guesses = in_parallel(account.http, 16, "/auth/login/", body)
    assert Counter(guess.status_code for guess in guesses) == {400: limits.WRONG_LOGINS.most, 429: 6}
    require_too_many(account.log_in(), within=3600)
    pair = account.call("POST", "/api/token/", {"email": account.email, "password": PASSWORD}, token="")
    require_too_many(pair, within=3600)


def test_a6_one_address_is_held_to_a_rate(product: Product, account: Account) -> None:
    path = "/auth/password-reset/verify/"
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.77")
    with httpx.Client(
        base_url=f"http://127.0.0.1:{product.port}", transport=elsewhere, timeout=PATIENCE
    ) as http:
        answers = [answer.status_code for _ in range(10) for answer in in_parallel(http, 32, path, {})]
        assert Counter(answers) == {400: 300, 429: 20}
        require_too_many(http.post(path, json={}), within=61)
    assert account.call("POST", path, {}, token="").status_code == 400


def test_a7_a_code_is_nowhere_and_works_once(product: Product, newcomer: Account) -> None:
    newcomer.ask_code()
    old = newcomer.mailed_code()
    newcomer.ask_code()
    code = newcomer.mailed_code(after=1)
    kept = rows(product, "SELECT o::text FROM accounts_otprequest o WHERE user_id = %s", newcomer.id)
    assert len(kept) == 2
    assert code not in str(kept).replace(newcomer.id, "")
    if old != code:
        assert newcomer.verify_with(old).json() == WRONG_CODE
    body = {"email": newcomer.email, "otp_code": code}
    used = in_parallel(newcomer.http, 8, VERIFY, body)
    assert Counter(answer.status_code for answer in used) == {200: 1, 400: 7}


def test_a_code_lives_ten_minutes_from_its_request(product: Product, newcomer: Account) -> None:
    newcomer.ask_code()
    code = newcomer.mailed_code()
    of_mine = "FROM accounts_otprequest WHERE user_id = %s"
    lifetime = f"SELECT extract(epoch FROM expires_at - created_at)::int {of_mine}"
    assert rows(product, lifetime, newcomer.id) == [(600,)]
    age = "UPDATE accounts_otprequest SET expires_at = now() WHERE user_id = %s RETURNING 1"
    assert rows(product, age, newcomer.id)
    assert newcomer.verify_with(code).json() == WRONG_CODE


def test_a8_the_queue_shows_the_request_s_id_alone(product: Product, newcomer: Account) -> None:
    newcomer.ask_code()
    code = newcomer.mailed_code()
    [(request_id,)] = rows(
        product, "SELECT id::text FROM accounts_otprequest WHERE user_id = %s", newcomer.id
    )
    [(params,)] = rows(
        product, "SELECT params FROM jobs_job WHERE params->>'otp_request_id' = %s", request_id
    )
    assert params == {"otp_request_id": request_id}
    tasks = httpx.get(f"{product.flower_url}/api/tasks", auth=product.flower_auth, timeout=PATIENCE).text
    assert f'"{code}"' not in tasks
    assert newcomer.email not in tasks


def test_a9_the_password_is_judged_before_the_code(product: Product, account: Account) -> None:
    code = account.ask_reset()
    assert account.reset(code, "12345678").json() == {
        "new_password": ["This password is too common.", "This password is entirely numeric."]
    }
    with Account(product) as nobody:
        unknown = nobody.reset(code, NEW)
        assert (unknown.status_code, unknown.json()) == (400, WRONG_CODE)
        assert nobody.verify_with(code).json() == WRONG_CODE
    assert account.verify_with(code).json() == WRONG_CODE
    change = {"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}
    assert set(account.post("/auth/password/change/", change).json()) == {"new_password2"}
    assert account.reset(code, NEW).status_code == 200


def test_a10_a_reset_ends_every_session_and_socket(account: Account) -> None:
    first = account.refresh
    account.log_in()
    code = account.ask_reset()
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        assert account.reset(code, NEW).status_code == 200
        assert close_code(phone) == 4001
    assert not account.is_let_in()
    assert [account.renew(token).status_code for token in (first, account.refresh)] == [401, 401]


def test_a10_a_change_keeps_the_current_session_alone(account: Account) -> None:
    old, old_access = account.refresh, account.access
    account.log_in()
    with account.socket() as phone:
        phone.wait("presence_snapshot")
        current, account.access = account.access, old_access
        with account.socket() as lost:
            lost.wait("presence_snapshot")
            account.access = current
            body = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
            assert account.post("/auth/password/change/", body).status_code == 200
            assert close_code(lost) == 4001
        phone.send({"type": "still there?"})
        assert phone.wait("error") == {"error": "Unknown message type: still there?"}
    assert account.is_let_in()
    assert [account.renew(token).status_code for token in (old, account.refresh)] == [401, 200]


def test_a18_verifying_lifts_no_suspension(newcomer: Account, admin: Admin) -> None:
    newcomer.ask_code()
    admin.act("suspend", newcomer)
    assert newcomer.verify_with(newcomer.mailed_code()).status_code == 200
    assert newcomer.get("/auth/user/").json() == INACTIVE
    assert newcomer.log_in().json() == {"non_field_errors": ["This account is suspended."]}


@pytest.mark.parametrize(
    ("accepts", "language", "direction", "subject"),
    [
        ("ar-DZ,fr;q=0.5", "ar", "rtl", "رمز التحقق"),
        ("fr-FR", "fr", "ltr", "Votre code de vérification"),
        ("de", "en", "ltr", "Your verification code"),
    ],
)
def test_mails_speak_the_language_of_the_request(
    newcomer: Account, accepts: str, language: str, direction: str, subject: str
) -> None:
    newcomer.http.headers["Accept-Language"] = accepts
    newcomer.ask_code()
    mail = newcomer.product.next_mail(newcomer.email)
    html = mail.message.get_body(("html",))
    assert html is not None
    assert f'lang="{language}" dir="{direction}"' in html.get_content()
    assert subject in mail.subject
    assert newcomer.verify_with(code_in(mail.text)).status_code == 200
    assert newcomer.log_in("wrong").json() == NO_LOGIN
