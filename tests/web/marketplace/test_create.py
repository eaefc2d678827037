"""`POST /services/create/`."""

from typing import Any

import pytest

from core.accounts.models import User
from core.files.models import StoredFile
from core.marketplace.models import Category, Service
from tests.cast import Api
from tests.samples import SAMPLES, pdf, upload
from tests.services import category

PATH = "/services/create/"
DETAIL = {
    "id",
    "user",
    "service_type",
    "title",
    "description",
    "categories",
    "price",
    "price_description",
    "estimated_duration",
    "duration_unit",
    "estimated_duration_description",
    "location",
    "delivery_method",
    "all_attachments",
    "is_active",
    "is_featured",
    "created_at",
    "is_course",  # decision B12
}
NEEDED = {"tasks_and_responsibilities", "conditions_requirements"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def body(**changes: Any) -> dict[str, Any]:
    return {
        "title": "إعداد التصريح الجبائي الشهري",
        "description": "IRG, TVA, IBS",
        "categories": [str(category().id)],
        **changes,
    }


def test_an_accountant_offers(api: Api, accountant: User) -> None:
    sent = body(
        location="16",
        estimated_duration=2,
        duration_unit="days",
        price=8000,
        price_description="À partir de 8000",
        delivery_method="in_person",
        estimated_duration_description="2 to 4 days",
        tasks_and_responsibilities=["hidden"],
    )
    response = api.post(PATH, sent, user=accountant)
    assert response.status_code == 201, response.content
    shown = response.json()
    assert shown.keys() == DETAIL
    assert shown["service_type"] == "offered"
    assert shown["is_course"] is False
    assert shown["price"] == "8000.00"
    assert shown["user"] == {
        "pk": str(accountant.id),
        "email": accountant.email,
        "full_name": accountant.full_name,
        "user_type": "accountant",
    }
    assert shown["categories"] == [{"id": sent["categories"][0], "name": "Tax Preparation"}]
    assert Service.objects.get().tasks_and_responsibilities == []


def test_b15_needed_shows_price_duration_tasks_and_conditions(api: Api, client_user: User) -> None:
    sent = body(
        location="31",
        price=8000.5,
        tasks_and_responsibilities=["Collect", "Prepare"],
        conditions_requirements=["Certified"],
    )
    shown = api.post(PATH, sent, user=client_user).json()
    assert shown.keys() == DETAIL | NEEDED
    assert shown["service_type"] == "needed"
    assert shown["price"] == "8000.50"
    assert shown["tasks_and_responsibilities"] == ["Collect", "Prepare"]


def test_defaults(api: Api, accountant: User) -> None:
    shown = api.post(PATH, body(), user=accountant).json()
    assert (shown["estimated_duration"], shown["duration_unit"]) == (1, "days")
    assert shown["delivery_method"] == "online"
    assert shown["price"] is None
    assert shown["location"] == ""


def test_b8_a_course_is_online_or_in_a_wilaya(api: Api, accountant: User) -> None:
    for location in ("online", "01", "58"):
        sent = body(is_course=True, location=location)
        response = api.post(PATH, sent, user=accountant)
        assert response.status_code == 201
        assert response.json()["is_course"] is True
    wrong: list[Any] = ["59", "00", "1", "Alger", 16]
    for location in wrong:
        response = api.post(PATH, body(location=location), user=accountant)
        assert response.status_code == 400
        assert list(response.json()) == ["location"]


@pytest.mark.parametrize(
    "categories",
    [
        lambda one, two: f'["{one}", "{two}"]',
        lambda one, two: [one, two],
        lambda one, two: [one, two, one],
    ],
)
def test_b10_arrays_in_form_data(api: Api, client_user: User, categories: Any) -> None:
    one, two = str(category().id), str(category("Auditing").id)
    sent = body(
        categories=categories(one, two),
        tasks_and_responsibilities='["Collect", "Prepare", "Collect"]',
        conditions_requirements=["Certified", "Careful"],
        upload_files=upload("a.pdf", pdf()),
    )
    shown = api.post(PATH, sent, user=client_user).json()
    assert {found["id"] for found in shown["categories"]} == {one, two}
    assert shown["tasks_and_responsibilities"] == ["Collect", "Prepare"]
    assert shown["conditions_requirements"] == ["Certified", "Careful"]


def test_b10_a_single_value_in_form_data(api: Api, client_user: User) -> None:
    sent = body(
        categories=str(category().id),
        tasks_and_responsibilities="[Urgent] collect",
        price="",
        is_course="false",
        upload_files=upload("a.pdf", pdf()),
    )
    shown = api.post(PATH, sent, user=client_user).json()
    assert shown["tasks_and_responsibilities"] == ["[Urgent] collect"]
    assert shown["price"] is None


def test_b12_every_shape_tells_a_course(api: Api, accountant: User, academic: User) -> None:
    service_id = api.post(PATH, body(is_course=True), user=accountant).json()["id"]
    shown = [
        api.get("/services/my/", user=accountant).json()[0],
        api.get(f"/services/my/{service_id}/", user=accountant).json(),
        api.get("/services/browse/", user=academic).json()["results"][0],
        api.get(f"/services/browse/{service_id}/", user=academic).json(),
        api.get("/profiles/me/", user=accountant).json()["all_services"][0],
    ]
    assert [one["is_course"] for one in shown] == [True] * 5


def test_b13_a_client_cannot_create_a_course(api: Api, client_user: User) -> None:
    response = api.post(PATH, body(is_course=True, title=""), user=client_user)
    assert response.status_code == 400
    assert response.json()["is_course"] == ["Only accountants can create courses."]
    assert "title" in response.json()


def test_b14_academics_and_admins_cannot_create(api: Api, academic: User, admin_user: User) -> None:
    for user, who in ((academic, "Academic"), (admin_user, "Admin")):
        for sent in (body(), {}):
            response = api.post(PATH, sent, user=user)
            assert response.status_code == 403
            assert response.json() == {"detail": f"{who} users cannot create services."}


def test_b6_attachments_have_an_id_and_a_path(api: Api, accountant: User) -> None:
    files = [upload("نموذج تصريح.pdf", pdf()), upload("b.xlsx", SAMPLES["xlsx"])]
    shown = api.post(PATH, body(upload_files=files), user=accountant).json()
    first, second = shown["all_attachments"]
    assert {"id", "url", "filename", "size", "uploaded_at"} <= first.keys()
    assert first["url"].startswith("/media/service_attachments/")
    assert first["filename"] == "نموذج تصريح.pdf"
    assert second["filename"] == "b.xlsx"


def test_required(api: Api, accountant: User) -> None:
    response = api.post(PATH, {}, user=accountant)
    assert response.status_code == 400
    required = ["This field is required."]
    assert response.json() == {"title": required, "description": required, "categories": required}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "t" * 256, "Ensure this field has no more than 255 characters."),
        ("title", "  ", "This field may not be blank."),
        ("title", "a\x00", "Null characters are not allowed."),
        ("categories", [], "At least one category must be selected."),
        ("categories", ["nonsense"], "Must be a valid UUID."),
        (
            "categories",
            ["00000000-0000-4000-8000-000000000000"],
            "One or more selected categories are invalid or inactive.",
        ),
        ("price", -1, "Price cannot be negative."),
        ("price", 100_000_000, "Ensure that there are no more than 8 digits before the decimal point."),
        ("price", "1.234", "Ensure that there are no more than 2 decimal places."),
        ("price", "free", "A valid number is required."),
        ("price", "1_000", "A valid number is required."),
        ("estimated_duration", "1_0", "A valid number is required."),
        ("price", 1e400, None),
        ("estimated_duration", 0, "Duration must be greater than zero."),
        ("estimated_duration", 2.5, "A valid integer is required."),
        ("estimated_duration", 2**31, "Ensure this value is less than or equal to 2147483647."),
        ("duration_unit", "years", '"years" is not a valid choice.'),
        ("delivery_method", "pigeon", '"pigeon" is not a valid choice.'),
        ("is_course", "perhaps", "Must be a valid boolean."),
        ("tasks_and_responsibilities", [{"a": 1}], "Not a valid string."),
        ("tasks_and_responsibilities", "[" * 100_000, None),
        ("upload_files", "a.pdf", None),
        # Of too many, none is looked at.
        ("categories", list(range(101)), "Ensure this field has no more than 100 items."),
        ("tasks_and_responsibilities", list(range(51)), "Ensure this field has no more than 50 items."),
        ("conditions_requirements", ["a"] * 51 + [1], "Not a valid string."),
    ],
)
def test_b23_limits_and_malformed_values(
    api: Api, accountant: User, field: str, value: Any, message: str | None
) -> None:
    response = api.post(PATH, body(**{field: value}), user=accountant)
    assert response.status_code == 400
    if message is not None:
        assert response.json() == {field: [message]}


def test_b23_the_largest_price(api: Api, accountant: User) -> None:
    assert api.post(PATH, body(price=99_999_999.99), user=accountant).json()["price"] == "99999999.99"
    assert api.post(PATH, body(price=0), user=accountant).json()["price"] == "0.00"


def test_b23_ten_files_are_taken_and_eleven_are_not(api: Api, accountant: User) -> None:
    ten = [upload(f"{number}.pdf", pdf()) for number in range(10)]
    assert len(api.post(PATH, body(upload_files=ten), user=accountant).json()["all_attachments"]) == 10
    eleven = [upload(f"{number}.pdf", pdf()) for number in range(11)]
    assert api.post(PATH, body(upload_files=eleven), user=accountant).json().keys() == {"upload_files"}


def test_b24_a_renamed_executable_is_refused_and_leaves_nothing(api: Api, accountant: User) -> None:
    response = api.post(PATH, body(upload_files=upload("a.pdf", b"MZ\x90")), user=accountant)
    assert response.status_code == 400
    assert response.json() == {"upload_files": ["The content of the file does not match its extension."]}
    assert not StoredFile.objects.exists()
    assert not Service.objects.exists()


def test_an_inactive_category_is_refused(api: Api, accountant: User) -> None:
    old = Category.objects.create(name="Old", is_active=False)
    response = api.post(PATH, body(categories=[str(old.id)]), user=accountant)
    assert response.json() == {"categories": ["One or more selected categories are invalid or inactive."]}


def test_anonymous(api: Api) -> None:
    response = api.post(PATH, {})
    assert response.status_code == 401
    assert response.json() == {"detail": "Authentication credentials were not provided."}


def test_a_truncated_form_is_refused(api: Api, accountant: User) -> None:
    raw = b'--b\r\nContent-Disposition: form-data; name="upload_files"; filename="a.pdf"\r\n\r\n%PDF-1'
    response = api.request(
        "POST", PATH, user=accountant, raw=raw, content_type="multipart/form-data; boundary=b"
    )
    assert response.status_code == 400


def test_another_content_type_is_refused(api: Api, accountant: User) -> None:
    response = api.request("POST", PATH, user=accountant, raw=b"<a/>", content_type="text/xml")
    assert response.status_code == 415
