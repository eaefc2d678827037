"""Each operation of the API's identity, as the contract lists them, and the shapes of a user."""

import jwt
import pytest

from tests.cast import PASSWORD
from tests.e2e.harness import Product
from tests.e2e.identity.account import ANONYMOUS, DEAD, NO_LOGIN, WRONG_CODE, Account
from tests.providers import TOKEN, Providers

NEW = "Another-Dune-7788"
U4 = {"pk", "email", "full_name", "user_type"}
U6 = U4 | {"is_email_verified", "account_status"}
U7 = U6 | {"phone"}
U9 = U7 | {"created_at", "updated_at"}
U13 = U9 | {"company_name", "job_title", "bio", "profile_picture_url"}


def test_post_auth_registration(product: Product) -> None:
    with Account(product, "accountant") as account:
        answer = account.register()
        body = answer.json()
        assert answer.status_code == 201
        assert set(body) == {"access_token", "refresh_token", "user"}
        assert body["user"] == {
            "pk": account.id,
            "email": account.email,
            "full_name": "Nadia Haddad",
            "user_type": "accountant",
            "phone": "+213796269301",
            "is_email_verified": False,
            "account_status": "inactive",
        }
        again = {"email": account.email, "password1": "password", "password2": "password"}
        refused = account.call("POST", "/auth/registration/", again, token="")
        assert refused.status_code == 400
        assert refused.json() == {
            "email": ["A user with that email address already exists."],
            "password1": ["This password is too common."],
            "phone": ["This field is required."],
            "user_type": ["This field is required."],
        }
        other = again | {
            "email": "a@example.com",
            "user_type": "client",
            "phone": "+213796269301",
            "password2": "x",
        }
        mismatch = account.call("POST", "/auth/registration/", other | {"password1": NEW}, token="")
        assert mismatch.json() == {"non_field_errors": ["The two password fields didn't match."]}
        # No mail was sent: the first one is that of the code asked for now.
        account.verify()
        assert len(product.mails(account.email)) == 1
        assert account.get("/profiles/me/").json()["profile_id"]


def test_post_auth_send_email_otp(newcomer: Account) -> None:
    answer = newcomer.ask_code()
    assert (answer.status_code, answer.json()) == (200, {"detail": "OTP sent to your email"})
    assert len(newcomer.mailed_code()) == 6
    unknown = newcomer.call("POST", "/auth/send-email-otp/", {"email": "nobody@example.com"}, token="")
    assert (unknown.status_code, unknown.json()) == (400, {"email": ["User not found."]})


def test_post_auth_verify_email_otp(newcomer: Account) -> None:
    newcomer.ask_code()
    code = newcomer.mailed_code()
    wrong = newcomer.verify_with(f"{(int(code) + 1) % 1_000_000:06d}")
    assert (wrong.status_code, wrong.json()) == (400, WRONG_CODE)
    answer = newcomer.verify_with(code)
    assert (answer.status_code, answer.json()) == (200, {"detail": "Email verified successfully"})
    assert newcomer.get("/auth/user/").json()["account_status"] == "active"


def test_post_auth_login(account: Account) -> None:
    answer = account.log_in()
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "refresh_token", "user"}
    wrong = account.log_in("wrong")
    assert (wrong.status_code, wrong.json()) == (400, NO_LOGIN)


@pytest.mark.parametrize("provider", ["google", "facebook"])
def test_post_auth_google_and_facebook(product: Product, providers: Providers, provider: str) -> None:
    email = f"{provider}@gmail.com"
    providers.google_person(sub="row", email=email)
    providers.facebook_person(id="row", email=email)
    with Account(product) as account:
        body = {"access_token": TOKEN}
        answer = account.call("POST", f"/auth/{provider}/", body, token="")
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "refresh_token", "user"}
        user = answer.json()["user"]
        assert (user["email"], user["account_status"]) == (email, "active")
        assert user["is_email_verified"]
        assert set(user) == U13
        assert product.mails(email) == []


def test_post_api_token(account: Account) -> None:
    body = {"email": account.email, "password": PASSWORD}
    answer = account.call("POST", "/api/token/", body, token="")
    assert answer.status_code == 200
    assert set(answer.json()) == {"refresh", "access"}
    refused = account.call("POST", "/api/token/", body | {"password": "wrong"}, token="")
    assert refused.status_code == 401
    assert refused.json() == {"detail": "No active account found with the given credentials"}


def test_post_api_token_refresh(account: Account) -> None:
    answer = account.renew()
    assert answer.status_code == 200
    assert account.call("GET", "/auth/user/", token=answer.json()["access"]).status_code == 200
    for token in (account.access, "nonsense"):
        refused = account.renew(token)
        assert (refused.status_code, refused.json()) == (401, DEAD)


def test_post_auth_password_reset_request(account: Account) -> None:
    answer = account.call("POST", "/auth/password-reset/request/", {"email": account.email}, token="")
    assert (answer.status_code, answer.json()) == (200, {"message": "OTP sent to email."})
    assert len(account.mailed_code(after=1)) == 6


def test_post_auth_password_reset_verify(account: Account) -> None:
    answer = account.reset(account.ask_reset(), NEW)
    assert (answer.status_code, answer.json()) == (200, {"detail": "Password reset successfully."})
    assert account.log_in().status_code == 400
    assert account.log_in(NEW).status_code == 200
    notice = account.product.next_mail(account.email, after=2)
    assert notice.subject == "Your password was changed"


def test_post_auth_logout(account: Account) -> None:
    answer = account.post("/auth/logout/", {"refresh": account.refresh})
    assert (answer.status_code, answer.json()) == (200, {"detail": "Successfully logged out."})
    assert (account.renew().status_code, account.is_let_in()) == (401, True)
    anonymous = account.call("POST", "/auth/logout/", {}, token="")
    assert (anonymous.status_code, anonymous.json()) == (401, ANONYMOUS)


def test_post_auth_password_change(account: Account) -> None:
    wrong = {"old_password": "wrong", "new_password1": NEW, "new_password2": "other"}
    refused = account.post("/auth/password/change/", wrong)
    assert refused.status_code == 400
    assert refused.json() == {
        "old_password": ["Invalid password."],
        "new_password2": ["The two password fields didn't match."],
    }
    right = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    answer = account.post("/auth/password/change/", right)
    assert (answer.status_code, answer.json()) == (200, {"detail": "New password has been saved."})
    assert account.log_in(NEW).status_code == 200


def test_tokens_claim_what_is_promised(account: Account) -> None:
    for token, kind in ((account.access, "access"), (account.refresh, "refresh")):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert {"token_type", "exp", "iat", "jti", "user_id", "sid", "iss", "aud"} == set(claims)
        assert (claims["token_type"], claims["user_id"]) == (kind, account.id)
        lifetime = {"access": 900, "refresh": 1_209_600}[kind]
        assert claims["exp"] - claims["iat"] == lifetime
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": "now", "typ": "JWT"}


def test_u4_to_u13_the_five_shapes_of_a_user(product: Product, account: Account) -> None:
    with Account(product, "accountant") as accountant:
        assert set(accountant.register().json()["user"]) == U7
        accountant.verify()
        assert set(accountant.log_in().json()["user"]) == U13
        room = accountant.post("/chat/chatrooms/group/create/", {"room_name": "Tax"}).json()
        assert set(room["creator"]) == U4
        cards = account.get(f"/chat/available_users/?search={accountant.email}").json()["results"]
        assert [set(card) for card in cards] == [U6]
        assert set(accountant.get("/profiles/me/").json()["user"]) == U9
        assert set(accountant.get("/auth/user/").json()) == U9
