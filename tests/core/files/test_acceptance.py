"""Decisions B23 and B24: what is taken, at once, and what isn't."""

import io
import struct
import zlib
from unittest.mock import patch

import pytest
from pytest_django.fixtures import Settings

from core.files import images
from core.files.acceptance import BadUpload, check_upload, display_name
from core.files.models import Purpose
from tests.samples import SAMPLES, archive, office, ole, picture, upload

ATTACHMENT = Purpose.SERVICE_ATTACHMENT
MISMATCH = "The content of the file does not match its extension."
_ATTACHMENTS = ("pdf", "doc", "docx", "xls", "xlsx", "txt", "csv", "jpg", "jpeg", "png", "gif", "webp")
_CHAT = (
    "jpg",
    "png",
    "gif",
    "webp",
    "pdf",
    "doc",
    "docx",
    "txt",
    "zip",
    "rar",
    "mp3",
    "wav",
    "m4a",
    "mp4",
    "avi",
    "mov",
)


def refusal(name: str, content: bytes, purpose: Purpose = ATTACHMENT) -> str:
    with pytest.raises(BadUpload) as refused:
        check_upload(upload(name, content), purpose)
    return refused.value.message


@pytest.fixture(autouse=True)
def store() -> str:
    """Nothing is stored here."""
    return ""


@pytest.mark.parametrize(
    ("purpose", "extension"),
    [
        *[(Purpose.PROFILE_ATTACHMENT, extension) for extension in _ATTACHMENTS],
        *[(Purpose.PROFILE_PICTURE, extension) for extension in ("jpg", "png", "webp", "gif")],
        *[(Purpose.CHAT_FILE, extension) for extension in _CHAT],
    ],
)
def test_b24_every_listed_type_is_taken(purpose: Purpose, extension: str) -> None:
    checked = check_upload(upload(f"FILE.{extension.upper()}", SAMPLES[extension]), purpose)
    assert extension in (checked.kind.extension, *checked.kind.aliases)


@pytest.mark.parametrize(
    ("purpose", "name"),
    [
        (ATTACHMENT, "a.exe"),
        (ATTACHMENT, "a.svg"),
        (ATTACHMENT, "a.html"),
        (ATTACHMENT, "a.docm"),
        (ATTACHMENT, "a.zip"),
        (ATTACHMENT, "noextension"),
        (ATTACHMENT, "a.pdf.exe"),
        (Purpose.PROFILE_PICTURE, "a.pdf"),
        (Purpose.CHAT_FILE, "a.xlsx"),
    ],
)
def test_b24_other_types_are_refused_by_name(purpose: Purpose, name: str) -> None:
    assert refusal(name, b"%PDF-1.4", purpose).startswith("This type of file is not supported.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00" + bytes(100)),
        ("program.txt", b"MZ\x90\x00" + bytes(100)),
        ("script.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("script.csv", b"\xef\xbb\xbf#!/usr/bin/env python\n"),
        ("script.txt", "\ufeff#!/bin/sh".encode("utf-16-le")),
        ("page.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("drawing.csv", b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("page.txt", "\ufeff<html>".encode("utf-16-le")),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("picture.png", picture("JPEG")),
        ("document.docx", archive(anything=b"")),
        ("sheet.xlsx", office("docx")),
        ("document.doc", ole("Workbook")),
        ("document.doc", office("docx")),
        ("document.pdf", b"not a pdf"),
        ("document.pdf", b"GIF89a%PDF-"),
    ],
)
def test_b24_extension_and_content_must_agree(name: str, content: bytes) -> None:
    assert refusal(name, content) == MISMATCH


def test_a_truncated_picture_is_refused_at_once() -> None:
    assert refusal("a.png", picture("PNG")[:20]) == "The image is damaged and can't be read."


def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IDAT"
    )
    assert refusal("a.png", bomb) == "The image has more than 25 million pixels."


def test_a_zip_bomb_is_refused_without_unpacking() -> None:
    bomb = office("docx", **{"word/media/a.bin": bytes(201 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert refusal("a.docx", bomb) == MISMATCH


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\windows"])
def test_an_archive_that_leads_outside_is_refused(name: str) -> None:
    assert refusal("a.docx", office("docx", **{name: b""})) == MISMATCH


def test_an_archive_with_something_behind_it_is_refused() -> None:
    assert refusal("a.docx", office("docx") + b"MZ and more") == MISMATCH


EMPTY = archive()


@pytest.mark.parametrize("comment", [b"", b"of nothing"])
def test_an_archive_may_be_empty(comment: bytes) -> None:
    content = EMPTY[:-2] + len(comment).to_bytes(2, "little") + comment
    check_upload(upload("a.zip", content), Purpose.CHAT_FILE)


@pytest.mark.parametrize(
    "content",
    [
        EMPTY + b"MZ and more",
        EMPTY[:10],
        EMPTY + archive(a=b"a"),
        EMPTY + b"MZ and more" + EMPTY,
        b"MZ and more" + EMPTY,
    ],
)
def test_what_only_begins_like_an_empty_archive_is_refused(content: bytes) -> None:
    assert refusal("a.zip", content, Purpose.CHAT_FILE) == MISMATCH


def test_an_archive_of_very_many_entries_is_refused_before_they_are_read() -> None:
    many = archive(**{str(number): b"" for number in range(5_001)})
    assert refusal("a.zip", many, Purpose.CHAT_FILE) == MISMATCH


def test_b23_an_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"") == "The submitted file is empty."


def test_b23_a_file_over_the_limit_is_refused(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    content = b"a" * (2 * 1024 * 1024)
    assert check_upload(upload("a.txt", content), ATTACHMENT).size == len(content)
    assert refusal("a.txt", content + b"a") == "Ensure this file is no larger than 2 MB."


def test_chat_has_a_limit_of_its_own(settings: Settings) -> None:
    settings.CHAT_UPLOAD_MAX_BYTES = 1024 * 1024
    too_large = b"a" * (1024 * 1024 + 1)
    assert "1 MB" in refusal("a.txt", too_large, Purpose.CHAT_FILE)
    check_upload(upload("a.txt", too_large), ATTACHMENT)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("شهادة خبرة مكتب محاسبي.pdf", "شهادة خبرة مكتب محاسبي.pdf"),
        ("C:\\Users\\a\\cv.pdf", "cv.pdf"),
        ("../../etc/cv.pdf", "cv.pdf"),
        ("a\x00\nb.pdf", "a  b.pdf"),
        ("annex\u202efdp.exe.pdf", "annexfdp.exe.pdf"),
        ("n" * 300 + ".pdf", "n" * 251 + ".pdf"),
    ],
)
def test_names_keep_their_language_and_nothing_of_the_clients_path(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_text_of_any_encoding_is_taken(encoding: str) -> None:
    check_upload(upload("a.txt", "تصريح\r\nجبائي\t1".encode(encoding)), ATTACHMENT)


def test_require_sane_header_decodes_nothing() -> None:
    with patch("PIL.ImageFile.ImageFile.load") as load:
        images.require_sane_header(io.BytesIO(picture("PNG")), "PNG")
    load.assert_not_called()
