"""POST /auth/registration/ and decisions A1, A2 and A19."""

import pytest
from django.core import mail

from core.accounts.models import User
from core.jobs.models import Job
from core.profiles.models import Profile
from tests.cast import PASSWORD, Api, make_user

pytestmark = pytest.mark.django_db
PATH = "/auth/registration/"


def form(**changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "email": "amina@example.com",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "full_name": "أمينة بن علي",
        "phone": "+213796269301",
        "user_type": "client",
    }
    return {key: value for key, value in (body | changes).items() if value is not ...}


@pytest.mark.parametrize("user_type", ["client", "accountant", "academic"])
def test_works_for_each_role(api: Api, user_type: str) -> None:
    answer = api.post(PATH, form(user_type=user_type))
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"access_token", "refresh_token", "user"}
    user = User.objects.get()
    assert body["user"] == {
        "pk": str(user.id),
        "email": "amina@example.com",
        "full_name": "أمينة بن علي",
        "user_type": user_type,
        "phone": "+213796269301",
        "is_email_verified": False,
        "account_status": "inactive",
    }


def test_makes_the_profile_and_sends_no_mail(api: Api) -> None:
    api.post(PATH, form())
    assert Profile.objects.get().user.email == "amina@example.com"
    assert mail.outbox == []
    assert not Job.objects.exists()


def test_full_name_is_optional(api: Api) -> None:
    assert api.post(PATH, form(full_name=...)).json()["user"]["full_name"] == ""


def test_form_body_works_too(api: Api) -> None:
    body = "email=a%40example.com&password1={0}&password2={0}&phone=%2B213&user_type=client"
    answer = api.post(
        PATH,
        raw=body.format(PASSWORD).encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201


def test_a1_admin_is_not_a_choice(api: Api) -> None:
    answer = api.post(PATH, form(user_type="admin"))
    assert answer.status_code == 400
    assert answer.json() == {"user_type": ['"admin" is not a valid choice.']}
    assert not User.objects.exists()


def test_a2_tokens_start_working_on_verification(api: Api) -> None:
    body = api.post(PATH, form()).json()
    refused = api.get("/profiles/me/", token=body["access_token"])
    assert refused.status_code == 401
    assert refused.json() == {"detail": "User is inactive", "code": "user_inactive"}
    renewal = api.post("/api/token/refresh/", {"refresh": body["refresh_token"]})
    assert renewal.status_code == 401
    assert renewal.json() == {"detail": "User is inactive", "code": "user_inactive"}
    User.objects.update(account_status="active", is_email_verified=True)
    assert api.get("/profiles/me/", token=body["access_token"]).status_code == 200
    assert api.post("/api/token/refresh/", {"refresh": body["refresh_token"]}).status_code == 200


def test_a19_email_is_unique_without_case(api: Api) -> None:
    make_user(email="Amina@Example.com")
    answer = api.post(PATH, form(email="aMINA@eXAMPLE.COM"))
    assert answer.status_code == 400
    assert answer.json() == {"email": ["A user with that email address already exists."]}


def test_dots_make_another_mailbox(api: Api) -> None:
    make_user(email="amina@example.com")
    assert api.post(PATH, form(email="a.mina@example.com")).status_code == 201


def test_an_international_domain_has_one_form(api: Api) -> None:
    assert api.post(PATH, form(email="a@bücher.example")).status_code == 201
    again = api.post(PATH, form(email="a@xn--bcher-kva.example"))
    assert again.json() == {"email": ["A user with that email address already exists."]}


def test_all_problems_are_told_at_once(api: Api) -> None:
    make_user(email="amina@example.com")
    answer = api.post(
        PATH,
        {"email": "amina@example.com", "password1": "12345678", "password2": "x", "user_type": "boss"},
    )
    assert answer.status_code == 400
    assert answer.json() == {
        "email": ["A user with that email address already exists."],
        "phone": ["This field is required."],
        "user_type": ['"boss" is not a valid choice.'],
        "password1": ["This password is too common.", "This password is entirely numeric."],
        "non_field_errors": ["The two password fields didn't match."],
    }


def test_mismatch_belongs_to_no_field(api: Api) -> None:
    answer = api.post(PATH, form(password2=PASSWORD + "x"))
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["The two password fields didn't match."]}


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("Ab3$x", "This password is too short. It must contain at least 8 characters."),
        ("password123", "This password is too common."),
        ("8316409275", "This password is entirely numeric."),
        ("amina@example.com", "The password is too similar to the email."),
    ],
)
def test_password_rules(api: Api, password: str, problem: str) -> None:
    answer = api.post(PATH, form(password1=password, password2=password))
    assert answer.status_code == 400
    assert any(problem.lower()[:20] in text.lower() for text in answer.json()["password1"])


@pytest.mark.parametrize("name", ["email", "password1", "password2", "phone", "user_type"])
def test_each_field_missing_null_or_of_another_type(api: Api, name: str) -> None:
    assert api.post(PATH, form(**{name: ...})).json()[name] == ["This field is required."]
    assert api.post(PATH, form(**{name: None})).json()[name] == ["This field may not be null."]
    for wrong in (7, True, ["x"], {"x": 1}):
        answer = api.post(PATH, form(**{name: wrong}))
        assert answer.status_code == 400
        assert list(answer.json()) == [name]


@pytest.mark.parametrize("name", ["email", "password1", "password2", "phone", "full_name"])
@pytest.mark.parametrize("bad", ["x" * 5000, "a\x00b", "\ud800"])
def test_f4_too_long_nul_and_surrogates(api: Api, name: str, bad: str) -> None:
    answer = api.post(PATH, form(**{name: bad}))
    assert answer.status_code == 400
    assert name in answer.json()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "plain",
        "@example.com",
        "a@",
        "a@b",
        "a b@example.com",
        "a@example.com ",
        " a@example.com",
        "a@exa mple.com",
        "a@example.com\n",
        "a@-example.com",
        "a@example..com",
        "a\u200b@example.com",
        "\u212aamina@example.com",
        "am\u0131na@example.com",
        "\u017fami@example.com",
        "а@example.com",
        "a@example.com,b@example.com",
        "a@" + "x" * 64 + ".com",
    ],
)
def test_malformed_emails(api: Api, email: str) -> None:
    answer = api.post(PATH, form(email=email))
    assert answer.status_code == 400
    assert list(answer.json()) == ["email"]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"", "email"),
        (b"{", "non_field_errors"),
        (b"[]", "non_field_errors"),
        (b'"text"', "non_field_errors"),
        (b"null", "non_field_errors"),
        (b"\xff\xfe", "non_field_errors"),
        (b'{"email": NaN}', "non_field_errors"),
        (b"[" * 100_000, "non_field_errors"),
    ],
)
def test_f4_malformed_bodies(api: Api, raw: bytes, field: str) -> None:
    answer = api.post(PATH, raw=raw)
    assert answer.status_code == 400
    assert field in answer.json()


def test_f4_a_huge_body_is_413(api: Api) -> None:
    answer = api.post(PATH, raw=b'{"email":"' + b"x" * 10_000_000 + b'"}')
    assert answer.status_code == 413
    assert answer.json() == {"detail": "Request body too large."}


def test_f3_another_media_type_is_415(api: Api) -> None:
    answer = api.post(PATH, raw=b"<a/>", content_type="application/xml")
    assert answer.status_code == 415
    assert answer.json() == {"detail": 'Unsupported media type "application/xml" in request.'}


@pytest.mark.parametrize("bad", ["+213\r\nBcc: x@y.z", "a\tb", "\x1b[0m"])
def test_names_and_phones_are_one_line(api: Api, bad: str) -> None:
    answer = api.post(PATH, form(phone=bad, full_name=bad))
    assert answer.status_code == 400
    assert set(answer.json()) == {"phone", "full_name"}
