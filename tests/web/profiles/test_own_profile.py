"""`/profiles/me/`."""

from typing import Any

import pytest

from core.accounts.models import User
from tests.cast import Api, make_user, tokens_of
from tests.samples import SAMPLES, pdf, picture, upload

PATH = "/profiles/me/"
COMMON = {
    "profile_id",
    "user",
    "profile_picture",
    "phone",
    "location",
    "all_attachments",
    "attachments_count",
    "created_at",
    "updated_at",
    # additions
    "profile_picture_thumbnails",
    "profile_picture_state",
    "profile_picture_reason",
}
U9 = {
    "pk",
    "email",
    "full_name",
    "user_type",
    "phone",
    "is_email_verified",
    "account_status",
    "created_at",
    "updated_at",
}
ATTACHMENT = {"attachment_id", "url", "filename", "size", "uploaded_at", "file_state", "file_reason"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


@pytest.mark.parametrize(
    ("role", "own_keys"),
    [
        ("accountant", {"bio", "all_services"}),
        ("client", {"activity_type", "all_services"}),
        ("academic", {"bio"}),
    ],
)
def test_each_role_has_its_own_keys(api: Api, role: str, own_keys: set[str]) -> None:
    """Decision B5 too: a client has no bio."""
    user = make_user(role)
    response = api.get(PATH, user=user)
    assert response.status_code == 200
    shown = response.json()
    assert shown.keys() == COMMON | own_keys
    assert shown["user"].keys() == U9
    assert shown["user"]["pk"] == str(user.id)
    assert shown["profile_picture"] is None
    assert shown["all_attachments"] == []


def test_b1_an_admin_has_no_profile(api: Api, admin_user: User) -> None:
    for method in ("GET", "PATCH"):
        response = api.request(method, PATH, {}, user=admin_user)
        assert response.status_code == 404
        assert response.json() == {"detail": "Not found."}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
def test_anonymous(api: Api, method: str) -> None:
    assert api.request(method, PATH).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_b2_put_and_patch_are_partial(api: Api, accountant: User, method: str) -> None:
    api.patch(PATH, {"bio": "محاسب معتمد", "location": "Alger"}, user=accountant)
    response = api.request(method, PATH, {"location": "Oran"}, user=accountant)
    assert response.status_code == 200
    assert response.json()["location"] == "Oran"
    assert response.json()["bio"] == "محاسب معتمد"


def test_b4_the_phone_is_the_accounts(api: Api, client_user: User) -> None:
    response = api.patch(PATH, {"phone": "+213555000111"}, user=client_user)
    assert response.json()["phone"] == response.json()["user"]["phone"] == "+213555000111"
    assert api.get("/auth/user/", user=client_user).json()["phone"] == "+213555000111"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0555 00 01-11", "0555 00 01-11"),
        ("(+213) 555.000.111", "(+213) 555.000.111"),
        ("+213 (555) 000/111", "+213 (555) 000/111"),
        ("٠٥٥٥٠٠٠١١١", "٠٥٥٥٠٠٠١١١"),
        ("\u202a+213555000111\u202c", "+213555000111"),
        ("", ""),
    ],
)
def test_phones_are_taken_as_people_write_them(api: Api, client_user: User, sent: str, kept: str) -> None:
    assert api.patch(PATH, {"phone": sent}, user=client_user).json()["phone"] == kept


def test_one_picture_at_a_time(api: Api, accountant: User) -> None:
    several = [upload("a.jpg", picture()), upload("b.jpg", picture())]
    response = api.patch(PATH, {"profile_picture": several}, user=accountant)
    assert (response.status_code, response.json()) == (
        400,
        {"profile_picture": ["Only one file can be sent here."]},
    )


def test_b5_a_clients_bio_is_ignored(api: Api, client_user: User) -> None:
    response = api.patch(PATH, {"bio": "hidden", "activity_type": "تجارة"}, user=client_user)
    assert "bio" not in response.json()
    assert response.json()["activity_type"] == "تجارة"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_b11_multipart_works_on_put_and_patch(api: Api, academic: User, method: str) -> None:
    body = {
        "location": "قسنطينة",
        "profile_picture": upload("me.jpg", picture()),
        "upload_files": [upload("شهادة.pdf", pdf()), upload("b.docx", SAMPLES["docx"])],
    }
    response = api.request(method, PATH, body, user=academic)
    assert response.status_code == 200, response.content
    shown = response.json()
    assert shown["location"] == "قسنطينة"
    assert shown["profile_picture"].startswith("http://testserver/media/profile_pictures/academics/")
    assert shown["attachments_count"] == 2
    first = shown["all_attachments"][0]
    assert first.keys() == ATTACHMENT
    assert first["filename"] == "شهادة.pdf"
    assert first["size"] == len(pdf())
    assert first["file_state"] == "pending"
    assert first["url"].startswith("http://testserver/media/profile_attachments/")


def test_b3_upload_files_replace_the_set(api: Api, accountant: User) -> None:
    api.patch(PATH, {"upload_files": [upload("a.pdf", pdf()), upload("b.pdf", pdf())]}, user=accountant)
    untouched = api.patch(PATH, {"location": "Oran"}, user=accountant).json()
    assert [one["filename"] for one in untouched["all_attachments"]] == ["a.pdf", "b.pdf"]
    replaced = api.patch(PATH, {"upload_files": upload("c.pdf", pdf())}, user=accountant).json()
    assert [one["filename"] for one in replaced["all_attachments"]] == ["c.pdf"]
    assert api.patch(PATH, {"upload_files": None}, user=accountant).json()["attachments_count"] == 1
    assert api.patch(PATH, {"upload_files": []}, user=accountant).json()["all_attachments"] == []


def test_null_removes_the_picture(api: Api, accountant: User) -> None:
    api.patch(PATH, {"profile_picture": upload("me.png", picture("PNG"))}, user=accountant)
    assert api.patch(PATH, {"profile_picture": None}, user=accountant).json()["profile_picture"] is None


def test_b6_urls_are_absolute(api: Api, accountant: User) -> None:
    shown = api.patch(PATH, {"upload_files": upload("a.pdf", pdf())}, user=accountant).json()
    (attachment,) = shown["all_attachments"]
    assert attachment["url"].startswith("http://testserver/media/profile_attachments/")
    assert "attachment_id" in attachment


def test_b23_eleven_files_are_too_many(api: Api, accountant: User) -> None:
    many = [upload(f"{number}.pdf", pdf()) for number in range(11)]
    response = api.patch(PATH, {"upload_files": many}, user=accountant)
    assert response.status_code == 400
    assert response.json() == {"upload_files": ["No more than 10 files may be uploaded at once."]}


def test_all_problems_are_told_at_once_and_nothing_is_kept(api: Api, accountant: User) -> None:
    body = {
        "location": "x" * 256,
        "profile_picture": upload("a.pdf", pdf()),
        "upload_files": [upload("a.exe", b"MZ"), upload("b.pdf", b"nonsense")],
    }
    response = api.patch(PATH, body, user=accountant)
    assert response.status_code == 400
    assert response.json().keys() == {"location", "profile_picture", "upload_files"}
    assert api.get(PATH, user=accountant).json()["location"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"upload_files": "text"}, "upload_files"),
        ({"upload_files": ["text"]}, "upload_files"),
        ({"profile_picture": "http://x/y.jpg"}, "profile_picture"),
        ({"location": None}, "location"),
        ({"location": 5}, "location"),
        ({"bio": "a\x00b"}, "bio"),
        ({"bio": "b" * 5001}, "bio"),
        ({"phone": "1" * 33}, "phone"),
        ({"phone": "x"}, "phone"),
        ({"phone": "+"}, "phone"),
    ],
)
def test_malformed(api: Api, accountant: User, body: dict[str, Any], field: str) -> None:
    response = api.patch(PATH, body, user=accountant)
    assert response.status_code == 400
    assert list(response.json()) == [field]


def test_login_mirrors_bio_and_picture(api: Api, accountant: User) -> None:
    api.patch(PATH, {"bio": "Expert", "profile_picture": upload("me.jpg", picture())}, user=accountant)
    shown = api.post("/auth/login/", {"email": accountant.email, "password": "Sahara-Tax-2931"}).json()[
        "user"
    ]
    assert shown["bio"] == "Expert"
    assert shown["profile_picture_url"].startswith("http://testserver/media/profile_pictures/accountants/")


@pytest.mark.parametrize("count", [1, 8])
def test_queries_do_not_grow_with_what_is_shown(
    api: Api, accountant: User, django_assert_num_queries: Any, count: int
) -> None:
    files = [upload(f"{number}.pdf", pdf()) for number in range(count)]
    api.patch(PATH, {"upload_files": files}, user=accountant)
    token = tokens_of(accountant).access
    with django_assert_num_queries(4):
        api.get(PATH, token=token)
