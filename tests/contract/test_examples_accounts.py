"""The documentation's examples of accounts and profiles, held against the product."""

import pytest

from core.accounts.actions.codes import request_code
from core.accounts.models import OtpPurpose, User
from core.accounts.otp import code_of
from tests import booked, samples
from tests.cast import PASSWORD, Api, make_user, tokens_of
from tests.contract.examples import Book, covers
from tests.providers import TOKEN, Providers

pytestmark = pytest.mark.django_db
EMAIL = "user@example.com"


def mailed(user: User, purpose: OtpPurpose) -> str:
    return code_of(request_code(user=user, purpose=purpose, language="en").id)


@covers(56, 76, 94, 3110)
def test_registration(api: Api, book: Book) -> None:
    book.answered(76, api.post("/auth/registration/", book.body(56)), 201)
    again = api.post("/auth/registration/", book.body(56, password1="password", password2="password"))
    book.answered(94, again, 400)
    common = api.post("/auth/registration/", book.body(56, email="a@example.com", password2="other")).json()
    told = book.body(3110)
    assert set(common) == {"non_field_errors"} < set(told)
    assert [type(texts) for texts in common.values()] == [type(told["non_field_errors"])]


@covers(115, 123, 131, 147, 156, 164)
def test_email_verification(api: Api, book: Book) -> None:
    book.answered(131, api.post("/auth/send-email-otp/", book.body(115)), 400)
    user = make_user(email=EMAIL, status="inactive")
    book.answered(123, api.post("/auth/send-email-otp/", book.body(115)))
    right = mailed(user, OtpPurpose.EMAIL_VERIFICATION)
    wrong = "123456" if right != "123456" else "123457"
    book.answered(164, api.post("/auth/verify-email-otp/", book.body(147, otp_code=wrong)), 400)
    book.answered(156, api.post("/auth/verify-email-otp/", book.body(147, otp_code=right)))


@covers(182, 191, 215, 267, 275, 289)
def test_login_and_tokens(api: Api, book: Book) -> None:
    make_user(email=EMAIL, full_name="John Doe", phone="+1234567890")
    book.answered(215, api.post("/auth/login/", book.body(182)), 400)
    book.answered(191, api.post("/auth/login/", book.body(182, password=PASSWORD)))
    pair = api.post("/api/token/", book.body(289, password=PASSWORD)).json()
    assert {name: type(token) for name, token in pair.items()} == {"access": str, "refresh": str}
    book.answered(275, api.post("/api/token/refresh/", book.body(267, refresh=pair["refresh"])))


@covers(233, 247, 191)
@pytest.mark.usefixtures("providers")
def test_social_logins_answer_as_a_login_does(api: Api, book: Book, providers: Providers) -> None:
    providers.google_person(picture=None)
    book.answered(191, api.post("/auth/google/", book.body(233, access_token=TOKEN)))
    book.answered(191, api.post("/auth/facebook/", book.body(247, access_token=TOKEN)))


@covers(308, 316, 330, 340)
def test_password_reset(api: Api, book: Book) -> None:
    user = make_user(email=EMAIL)
    book.answered(316, api.post("/auth/password-reset/request/", book.body(308)))
    code = mailed(user, OtpPurpose.PASSWORD_RESET)
    sent = book.body(330, otp_code=code, new_password="Tassili-Audit-7714")
    book.answered(340, api.post("/auth/password-reset/verify/", sent))


@covers(360, 368, 391, 401, 409)
def test_logout_and_change_of_password(api: Api, book: Book, client_user: User) -> None:
    wrong = book.body(391, new_password2="another-password-123")
    book.answered(409, api.post("/auth/password/change/", wrong, user=client_user), 400)
    right = book.body(391, old_password=PASSWORD)
    book.answered(401, api.post("/auth/password/change/", right, user=client_user))
    pair = tokens_of(client_user)
    out = api.post("/auth/logout/", book.body(360, refresh=pair.refresh), token=pair.access)
    book.answered(368, out)


@covers(442, 477, 514, 541, 595, 649)
def test_profiles(api: Api, book: Book) -> None:
    for role, sent, told in (("accountant", 442, 541), ("client", 477, 595), ("academic", 514, 649)):
        user = make_user(role)
        if role != "academic":
            booked.make_service(user)
        changed = api.patch("/profiles/me/", book.body(sent), user=user).json()
        assert changed.items() >= book.body(sent).items()
        files = {
            "profile_picture": samples.upload("image.png", samples.SAMPLES["png"]),
            "upload_files": [samples.upload("شهادة.pdf", samples.SAMPLES["pdf"])],
        }
        book.answered(told, api.put("/profiles/me/", files, user=user))
        book.answered(told, api.get("/profiles/me/", user=user))


@covers(3119, 3125)
def test_authentication_errors(api: Api, book: Book) -> None:
    book.answered(3119, api.get("/profiles/me/"), 401)
    book.answered(3125, api.get("/profiles/me/", token="none"), 401)
