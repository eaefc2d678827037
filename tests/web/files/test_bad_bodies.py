"""Uploads that go wrong on the way: a 4xx, and nothing is left of them."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.accounts.models import User
from core.errors import Invalid
from core.files.models import StoredFile
from tests.cast import Api, tokens_of
from tests.samples import pdf, upload
from tests.stores import stored_keys
from web.body import read_body

PATH = "/profiles/me/"
MALFORMED = {"non_field_errors": ["The request body is malformed or incomplete."]}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_system")]


def whole(content: bytes = b"text", name: str = "a.txt") -> bytes:
    return encode_multipart(BOUNDARY, {"location": "Oran", "upload_files": upload(name, content)})


def send(
    api: Api, user: User, raw: bytes, method: str = "PATCH", content_type: str = MULTIPART_CONTENT
) -> int:
    response = api.request(method, PATH, user=user, raw=raw, content_type=content_type)
    if response.status_code != 200:
        assert not StoredFile.objects.exists()
        assert stored_keys() == set()
        assert api.get(PATH, user=user).json()["location"] == ""
    return int(response.status_code)


@pytest.mark.parametrize("missing", [3, 10, 30, 60, 100, 150, 200])
def test_a_client_that_stops_sending_leaves_nothing(api: Api, accountant: User, missing: int) -> None:
    raw = whole().rstrip()
    assert send(api, accountant, raw[:-missing]) == 400


def test_a_client_that_stops_sending_as_the_server_sees_it() -> None:
    """The length that was announced never arrives."""
    request = RequestFactory().generic("POST", PATH, whole(), content_type=MULTIPART_CONTENT)
    request._stream = BytesIO(whole()[:-80])
    with pytest.raises(Invalid) as refused:
        read_body(request)
    assert refused.value.fields == MALFORMED


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=" + "b" * 500,
        "multipart/form-data; boundary=\xe9",
    ],
)
def test_a_wrong_boundary_is_refused(api: Api, accountant: User, content_type: str) -> None:
    assert send(api, accountant, whole(), content_type=content_type) == 400


def test_c1_json_labelled_multipart_is_read(api: Api, accountant: User) -> None:
    raw = b' {"location": "Oran"}'
    assert send(api, accountant, raw, content_type="multipart/form-data") == 200
    assert api.get(PATH, user=accountant).json()["location"] == "Oran"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("/etc/cron.d/a.txt", "a.txt"),
        ("ملف عربي.txt", "ملف عربي.txt"),
        ("said %22yes%22 100%.txt", 'said "yes" 100%.txt'),
        ("two%0D%0Alines.txt", "two  lines.txt"),
        ("n" * 300 + ".txt", None),
    ],
)
def test_nothing_of_a_clients_path_is_kept(
    api: Api, accountant: User, name: str, expected: str | None
) -> None:
    head = (
        f'--b\r\nContent-Disposition: form-data; name="upload_files"; filename="{name}"\r\n'
        "Content-Type: text/plain\r\n\r\ntext\r\n--b--\r\n"
    )
    assert send(api, accountant, head.encode(), content_type="multipart/form-data; boundary=b") == 200
    stored_file = StoredFile.objects.get()
    assert len(stored_file.original_name) <= 255
    if expected is not None:
        assert stored_file.original_name == expected
    assert stored_file.key == f"profile_attachments/{stored_file.id.hex}.txt"
    assert [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == [
        stored_file.id.hex
    ]


def test_twenty_one_files_are_refused_unread(api: Api, accountant: User) -> None:
    many = encode_multipart(BOUNDARY, {"upload_files": [upload("a.pdf", pdf()) for _ in range(21)]})
    assert send(api, accountant, many) == 400


def test_temporary_files_go_with_the_request(api: Api, accountant: User, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    raw = encode_multipart(BOUNDARY, {"upload_files": upload("a.txt", b"\x00" * 3_000_000)})
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(folder)):
        response = api.request(
            "PATCH", PATH, token=tokens_of(accountant).access, raw=raw, content_type=MULTIPART_CONTENT
        )
    assert response.status_code == 400
    assert list(folder.iterdir()) == []
