"""Values that read as others: they are refused by their fields (F4)."""

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.accounts.models import User
from tests.booked import make_service
from tests.cast import Api

pytestmark = pytest.mark.django_db
LATIN = "Fran\u00e7ois".encode("latin-1")


@pytest.mark.parametrize("field", ["estimated_duration", "price"])
@pytest.mark.parametrize("value", [True, False])
def test_booleans_are_no_numbers(api: Api, accountant: User, field: str, value: bool) -> None:
    path = f"/services/{make_service(accountant).id}/update/"
    answer = api.patch(path, {field: value}, user=accountant)
    assert (answer.status_code, answer.json()) == (400, {field: ["A valid number is required."]})


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (encode_multipart(BOUNDARY, {"location": "@"}).replace(b"@", LATIN), MULTIPART_CONTENT),
        (b"location=" + LATIN, "application/x-www-form-urlencoded"),
        (b"location=Fran%E7ois", "application/x-www-form-urlencoded"),
    ],
)
def test_text_that_is_not_utf_8(api: Api, accountant: User, raw: bytes, content_type: str) -> None:
    answer = api.request("PATCH", "/profiles/me/", raw=raw, content_type=content_type, user=accountant)
    assert (answer.status_code, answer.json()) == (400, {"location": ["Not a valid string."]})


@pytest.mark.parametrize("text", ["François", "محاسب", "a \ufffd b"])
def test_text_that_is(api: Api, accountant: User, text: str) -> None:
    raw = encode_multipart(BOUNDARY, {"location": text})
    answer = api.request("PATCH", "/profiles/me/", raw=raw, content_type=MULTIPART_CONTENT, user=accountant)
    assert (answer.status_code, answer.json()["location"]) == (200, text)
