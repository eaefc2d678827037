"""Registration and login: decisions A1 to A5, A12 to A14 and A19; bad input: F3 and F4."""

import httpx
import pytest

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.identity.account import INACTIVE, NO_LOGIN, WRONG_CODE, Account, Admin
from tests.e2e.people import PATIENCE


def test_a1_nobody_registers_as_an_admin(product: Product) -> None:
    with Account(product, "admin") as account:
        body = {
            "email": account.email,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "phone": "+213796269301",
        }
        answer = account.call("POST", "/auth/registration/", body | {"user_type": "admin"}, token="")
        assert answer.status_code == 400
        assert answer.json() == {"user_type": ['"admin" is not a valid choice.']}
        assert account.log_in().json() == NO_LOGIN


def test_a2_tokens_start_working_on_verification(newcomer: Account) -> None:
    for answer in (newcomer.get("/auth/user/"), newcomer.get("/profiles/me/"), newcomer.renew()):
        assert (answer.status_code, answer.json()) == (401, INACTIVE)
    assert not newcomer.opens_a_socket()
    assert newcomer.verify().status_code == 200
    assert newcomer.is_let_in()
    assert newcomer.opens_a_socket()
    assert newcomer.renew().status_code == 200


def test_a3_login_while_not_active(newcomer: Account, account: Account, admin: Admin) -> None:
    admin.act("suspend", account)
    told = {"This account is not activated.": newcomer, "This account is suspended.": account}
    for message, person in told.items():
        assert person.log_in("wrong").json() == NO_LOGIN
        answer = person.log_in()
        assert (answer.status_code, answer.json()) == (400, {"non_field_errors": [message]})
        credentials = {"email": person.email, "password": PASSWORD}
        assert person.call("POST", "/api/token/", credentials, token="").status_code == 401


def test_a4_one_message_whether_or_not_the_email_exists(product: Product, account: Account) -> None:
    with Account(product) as nobody:
        answers = [account.log_in("wrong"), nobody.log_in("wrong")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(400, NO_LOGIN)] * 2
    assert len({frozenset(answer.headers) for answer in answers}) == 1


def test_a5_unknown_and_verified_emails(product: Product, account: Account) -> None:
    with Account(product) as nobody:
        assert nobody.ask_code().json() == {"email": ["User not found."]}
        reset = nobody.call("POST", "/auth/password-reset/request/", {"email": nobody.email}, token="")
        assert (reset.status_code, reset.json()) == (200, {"message": "OTP sent to email."})
        again = account.ask_code()
        assert (again.status_code, again.json()) == (400, {"email": ["Email is already verified."]})
        assert product.mails(nobody.email) == []


def test_a12_each_path_has_its_own_names_for_tokens(account: Account) -> None:
    credentials = {"email": account.email, "password": PASSWORD}
    login = account.call("POST", "/auth/login/", credentials, token="").json()
    pair = account.call("POST", "/api/token/", credentials, token="").json()
    assert {"access_token", "refresh_token"} < set(login)
    assert set(pair) == {"access", "refresh"}
    # Whichever gave them, they are the same kind of token.
    assert account.call("GET", "/auth/user/", token=pair["access"]).status_code == 200
    assert account.renew(login["refresh_token"]).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a13_the_account_is_read_and_changed(account: Account, method: str) -> None:
    changed = account.call(method, "/auth/user/", {"full_name": "Nadia B.", "email": "other@example.com"})
    assert changed.status_code == 200
    user = account.get("/auth/user/").json()
    assert user == changed.json()
    assert (user["full_name"], user["email"], user["phone"]) == ("Nadia B.", account.email, "+213796269301")
    assert account.call(method, "/auth/user/", {"phone": None}).json() == {
        "phone": ["This field may not be null."]
    }


def test_a14_login_mirrors_account_and_profile(product: Product) -> None:
    with Account(product, "academic") as academic:
        academic.join()
        user = academic.log_in().json()["user"]
        mirrored = ("company_name", "job_title", "bio", "profile_picture_url")
        assert [user[name] for name in mirrored] == ["", "", "", None]
        academic.call("PATCH", "/auth/user/", {"company_name": "Cabinet", "job_title": "Chercheuse"})
        academic.call("PATCH", "/profiles/me/", {"bio": "مُحاسِبة"})
        user = academic.log_in().json()["user"]
        assert [user[name] for name in mirrored] == ["Cabinet", "Chercheuse", "مُحاسِبة", None]


def test_a19_an_email_has_no_case(account: Account) -> None:
    spelled = account.email.upper()
    taken = {"email": spelled, "password1": PASSWORD, "password2": PASSWORD, "phone": "+213796269301"}
    answer = account.call("POST", "/auth/registration/", taken | {"user_type": "client"}, token="")
    assert answer.json() == {"email": ["A user with that email address already exists."]}
    account.email = f" {spelled} "
    assert account.log_in().status_code == 200
    assert account.verify_with("000000").json() == WRONG_CODE


def test_f3_other_methods_and_media_types(product: Product) -> None:
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        answer = phone.get("/auth/login/")
        assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "GET" not allowed.'})
        answer = phone.post("/auth/login/", content=b"<a/>", headers={"Content-Type": "text/xml"})
        assert answer.status_code == 415
        assert answer.json() == {"detail": 'Unsupported media type "text/xml" in request.'}


@pytest.mark.parametrize("path", ["/auth/user/", "/openapi.json"])
def test_head_tells_what_get_would(product: Product, path: str) -> None:
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        read, head = phone.get(path, headers={"Accept-Encoding": "identity"}), phone.head(path)
        assert (head.status_code, head.content) == (read.status_code, b"")
        for name in ("Content-Type", "Content-Length"):
            assert head.headers[name] == read.headers[name]


BODIES = [
    (b"{", {"non_field_errors": ["The request body is not valid JSON."]}),
    (b"[1]", {"non_field_errors": ["Invalid data. Expected a JSON object."]}),
    (b'{"email": 1, "password": null}',
     {"email": ["Not a valid string."], "password": ["This field may not be null."]}),
    (b'{"email": "a\\u0000@example.com", "password": "\\ud800"}',
     {"email": ["Null characters are not allowed."], "password": ["Not a valid string."]}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_f4_malformed_bodies(product: Product, body: bytes, expected: dict[str, list[str]]) -> None:
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        answer = phone.post("/auth/login/", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, expected)


def test_f4_ten_megabytes_of_json(product: Product) -> None:
    body = b'{"email": "' + b"a" * 10_000_000 + b'"}'
    with httpx.Client(base_url=product.base_url, timeout=PATIENCE) as phone:
        answer = phone.post("/auth/login/", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (413, {"detail": "Request body too large."})
