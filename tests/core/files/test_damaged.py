"""Damaged files are refused or rejected, whatever the damage; a broken connection is no damage."""

import io
from typing import Self

import pytest
from django.core.files.storage import default_storage

from core.accounts.models import User
from core.files import actions, images, processing
from core.files.acceptance import BadUpload, check_upload
from core.files.kinds import BY_EXTENSION
from core.files.models import FileState, Purpose, StoredFile
from tests.samples import SAMPLES, upload
from tests.stores import file_system

__all__ = ["file_system"]


@pytest.fixture
def store(file_system: None) -> str:
    """The checks are the same wherever files lie."""
    return "file_system"


def outcome(extension: str, content: bytes) -> str:
    """What becomes of it: refused at once, rejected by the worker, or taken."""
    kind = BY_EXTENSION[extension]
    try:
        check_upload(upload(f"a.{extension}", content), Purpose.PROFILE_ATTACHMENT)
    except BadUpload:
        return "refused"
    try:
        checked = processing._checked(io.BytesIO(content), kind)
        if extension in {"jpg", "png", "gif", "webp"}:
            images.thumbnail(checked, kind.pillow_format, 128)
    except processing._REFUSALS:
        return "rejected"
    return "taken"


@pytest.mark.parametrize("extension", ["docx", "xlsx", "pdf", "png", "gif", "webp", "jpg"])
@pytest.mark.parametrize("damage", [0x01, 0xFF])
def test_any_byte_may_be_another(extension: str, damage: int) -> None:
    whole = SAMPLES[extension]
    outcomes = {
        outcome(extension, whole[:at] + bytes([whole[at] ^ damage]) + whole[at + 1 :])
        for at in range(len(whole))
    }
    assert outcomes & {"refused", "rejected"}


@pytest.mark.parametrize("extension", ["docx", "xlsx", "doc", "xls", "pdf", "png", "gif", "webp", "jpg"])
def test_any_byte_may_be_the_last(extension: str) -> None:
    whole = SAMPLES[extension]
    outcomes = {outcome(extension, whole[:size]) for size in range(0, len(whole) - 1, 7)}
    assert outcomes & {"refused", "rejected"}


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["docx", "doc", "pdf", "png"])
def test_a_connection_to_storage_that_breaks_rejects_nothing(
    client_user: User, extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = check_upload(upload(f"a.{extension}", SAMPLES[extension]), Purpose.PROFILE_ATTACHMENT)
    stored_file = actions.store_upload(owner=client_user, upload=checked)
    actions.attach_files([stored_file])
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "open", Unfetched)
        with pytest.raises(ConnectionError):
            actions.process_file(file_id=stored_file.id)
    assert StoredFile.objects.get().state == FileState.PENDING
    actions.process_file(file_id=stored_file.id)
    assert StoredFile.objects.get().state == FileState.READY


class Unfetched:
    """A file whose bytes are sent when they are first asked for, as S3's are."""

    def __init__(self, key: str) -> None:
        self.name = key

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""

    def seek(self, *_: int) -> int:
        raise ConnectionError("reset by peer")

    tell = read = seek
