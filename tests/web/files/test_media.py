"""`/media/…`: decisions B7 and B26, and how bytes are served."""

from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from django.core.files.storage import default_storage

from core.accounts.models import User
from core.files import actions
from core.files.acceptance import check_upload
from core.files.models import FileState, Purpose, StoredFile
from core.files.urls import signed, signed_path, thumbnail_paths
from core.profiles.models import ProfileAttachment
from tests.cast import Api
from tests.samples import SAMPLES, pdf, picture, upload

pytestmark = pytest.mark.django_db
NAME = 'شهادة خبرة "محاسبي".pdf'


def a_file(
    owner: User, name: str = NAME, content: bytes = pdf(), purpose: Purpose = Purpose.PROFILE_ATTACHMENT
) -> StoredFile:
    stored_file = actions.store_upload(owner=owner, upload=check_upload(upload(name, content), purpose))
    ProfileAttachment.objects.create(profile=owner.profile, file=stored_file, position=0)
    actions.attach_files([stored_file])
    return stored_file


def ready(*args: Any, **options: Any) -> StoredFile:
    stored_file = a_file(*args, **options)
    actions.process_file(file_id=stored_file.id)
    stored_file.refresh_from_db()
    return stored_file


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


class TestEverywhere:
    """Wherever files lie."""

    @pytest.fixture(autouse=True)
    def _store(self, store: str) -> None:
        self.is_s3 = store == "s3"

    def test_b7_without_or_with_a_wrong_signature_403(self, api: Api, accountant: User) -> None:
        path = signed_path(ready(accountant))
        for wrong in (
            urlsplit(path).path,
            path[:-2],
            path.replace("expires=", "expires=1"),
            path + "&signature=x",
        ):
            response = api.get(wrong)
            assert response.status_code == 403
            assert response.json() == {"detail": "You do not have permission to perform this action."}

    @pytest.mark.parametrize(
        "path", ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "incoming/a", "%00", "%ff", "a" * 3000]
    )
    def test_a_path_of_ones_own_is_refused(self, api: Api, path: str) -> None:
        assert api.get(f"/media/{path}?expires=9999999999&signature=AAAA").status_code in {403, 404}

    def test_b7_a_signed_address_gives_the_file(self, api: Api, accountant: User) -> None:
        response = api.get(signed_path(ready(accountant)))
        if not self.is_s3:
            assert response.status_code == 200
            assert body(response) == pdf()
            return
        assert response.status_code == 302
        fetched = httpx.get(response["Location"])
        assert fetched.status_code == 200
        assert fetched.content == pdf()
        assert fetched.headers["Content-Type"] == "application/pdf"
        assert fetched.headers["Content-Disposition"].startswith("attachment")
        unsigned = urlsplit(response["Location"])
        assert "X-Amz-Signature" in unsigned.query

    def test_b26_pending_is_404_and_retry_after(self, api: Api, accountant: User) -> None:
        response = api.get(signed_path(a_file(accountant)))
        assert response.status_code == 404
        assert response["Retry-After"] == "1"
        assert response.json() == {"detail": "Not found."}

    def test_b26_nothing_unprocessed_is_served(self, api: Api, accountant: User) -> None:
        stored_file = a_file(accountant)
        assert api.get(signed(stored_file.incoming_key)).status_code == 404

    def test_rejected_is_404(self, api: Api, accountant: User) -> None:
        stored_file = ready(accountant, content=b"%PDF-damaged")
        assert stored_file.state == FileState.REJECTED
        response = api.get(signed_path(stored_file))
        assert (response.status_code, "Retry-After" in response) == (404, False)

    @pytest.mark.parametrize("key", ["a/b.pdf", "a/00000000-0000-4000-8000-000000000000.pdf", "x"])
    def test_missing(self, api: Api, key: str) -> None:
        assert api.get(signed(key)).status_code == 404

    def test_another_key_of_the_same_file_is_missing(self, api: Api, accountant: User) -> None:
        stored_file = ready(accountant)
        assert api.get(signed(f"chat_files/{stored_file.id.hex}.pdf")).status_code == 404

    def test_thumbnails_are_served(self, api: Api, accountant: User) -> None:
        stored_file = ready(accountant, "me.jpg", picture(), Purpose.PROFILE_PICTURE)
        for path in thumbnail_paths(stored_file).values():
            response = api.get(path)
            assert response.status_code == (302 if self.is_s3 else 200)
            body(response)

    def test_other_methods_are_refused(self, api: Api, accountant: User) -> None:
        path = signed_path(ready(accountant))
        for method in ("POST", "PUT", "DELETE"):
            assert api.request(method, path).status_code == 405


@pytest.mark.usefixtures("file_system")
class TestStreaming:
    def test_headers(self, api: Api, accountant: User) -> None:
        response = api.get(signed_path(ready(accountant)))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Length"] == str(len(pdf()))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Accept-Ranges"] == "bytes"
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Cache-Control"].startswith("private, max-age=")
        disposition = response["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=utf-8''")
        assert unquote(disposition.partition("''")[2]) == NAME
        body(response)

    def test_bytes_that_are_gone_from_the_disk_are_missing(self, api: Api, accountant: User) -> None:
        """As where the database alone was restored."""
        stored_file = ready(accountant)
        default_storage.delete(stored_file.key)
        assert api.get(signed_path(stored_file)).status_code == 404

    @pytest.mark.parametrize(
        ("extension", "inline"), [("jpg", True), ("mp3", True), ("mp4", True), ("zip", False), ("txt", False)]
    )
    def test_only_pictures_sound_and_films_are_shown_in_place(
        self, api: Api, accountant: User, extension: str, inline: bool
    ) -> None:
        stored_file = ready(accountant, f"a.{extension}", SAMPLES[extension], Purpose.CHAT_FILE)
        response = api.get(signed_path(stored_file))
        assert response["Content-Disposition"].startswith("inline" if inline else "attachment")
        body(response)

    @pytest.mark.parametrize(
        ("asked", "start", "stop"),
        [
            ("bytes=0-9", 0, 10),
            ("bytes=10-", 10, None),
            ("bytes=-5", -5, None),
            ("bytes=5-99999999", 5, None),
        ],
    )
    def test_a_range(self, api: Api, accountant: User, asked: str, start: int, stop: int | None) -> None:
        response = api.get(signed_path(ready(accountant)), Range=asked)
        assert response.status_code == 206
        expected = pdf()[start:stop]
        assert body(response) == expected
        assert response["Content-Length"] == str(len(expected))
        first = start if start >= 0 else len(pdf()) + start
        assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(pdf())}"

    @pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
    def test_a_range_behind_the_end(self, api: Api, accountant: User, asked: str) -> None:
        response = api.get(signed_path(ready(accountant)), Range=asked)
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{len(pdf())}"
        assert response.json() == {"detail": "The requested range is not in the file."}

    @pytest.mark.parametrize(
        "asked", ["bytes=0-1,3-4", "bytes=9-3", "pages=1-2", "bytes=-", "bytes=a-b", "bytes=" + "9" * 99]
    )
    def test_what_is_no_single_range_gives_the_whole(self, api: Api, accountant: User, asked: str) -> None:
        response = api.get(signed_path(ready(accountant)), Range=asked)
        assert (response.status_code, body(response)) == (200, pdf())

    def test_a_client_that_has_it_gets_nothing(self, api: Api, accountant: User) -> None:
        path = signed_path(ready(accountant))
        first = api.get(path)
        etag = first["ETag"]
        body(first)
        for known in (etag, f'"x", W/{etag}', "*"):
            response = api.get(path, If_None_Match=known)
            assert (response.status_code, body(response)) == (304, b"")
            assert "Content-Type" not in response
        assert body(api.get(path, If_None_Match='"other"')) == pdf()

    def test_a_range_of_another_version_gives_the_whole(self, api: Api, accountant: User) -> None:
        response = api.get(signed_path(ready(accountant)), Range="bytes=0-3", If_Range='"old"')
        assert (response.status_code, body(response)) == (200, pdf())

    def test_head(self, api: Api, accountant: User) -> None:
        response = api.request("HEAD", signed_path(ready(accountant)))
        assert (response.status_code, body(response)) == (200, b"")
        assert response["Content-Length"] == str(len(pdf()))

    def test_a_large_file_comes_in_pieces(self, api: Api, accountant: User) -> None:
        content = b"0123456789abcdef" * 20_000
        response = api.get(signed_path(ready(accountant, "a.txt", content)))
        pieces = list(response.streaming_content)
        assert max(len(piece) for piece in pieces) <= 64 * 1024
        assert b"".join(pieces) == content


def test_b7_a_replaced_file_is_gone_at_once(api: Api, accountant: User) -> None:
    stored_file = ready(accountant)
    path = signed_path(stored_file)
    assert body(api.get(path)) == pdf()
    accountant.profile.attachments.all().delete()
    assert api.get(path).status_code == 404
