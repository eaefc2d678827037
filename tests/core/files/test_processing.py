"""From sent to served: what workers make of files, wherever they lie."""

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django.fixtures import Settings

from core.accounts.models import User
from core.errors import TransientError
from core.files import actions
from core.files.acceptance import check_upload
from core.files.models import FileState, Purpose, StoredFile
from core.files.signals import file_settled
from tests.samples import EICAR, SAMPLES, archive, office, ole, pdf, picture, upload

pytestmark = pytest.mark.django_db


def sent(owner: User, name: str, content: bytes, purpose: Purpose = Purpose.PROFILE_ATTACHMENT) -> StoredFile:
    """A pending file, attached."""
    stored_file = actions.store_upload(owner=owner, upload=check_upload(upload(name, content), purpose))
    actions.attach_files([stored_file])
    return stored_file


def processed(
    owner: User, name: str, content: bytes, purpose: Purpose = Purpose.PROFILE_ATTACHMENT
) -> StoredFile:
    """The file after a worker's turn."""
    stored_file = sent(owner, name, content, purpose)
    actions.process_file(file_id=stored_file.id)
    stored_file.refresh_from_db()
    return stored_file


def content_of(key: str) -> bytes:
    with default_storage.open(key) as file:
        return bytes(file.read())


@pytest.mark.parametrize("extension", ["pdf", "doc", "xls", "docx", "xlsx", "txt", "csv"])
def test_documents_are_served_as_sent(client_user: User, extension: str) -> None:
    stored_file = processed(client_user, f"a.{extension}", SAMPLES[extension])
    assert stored_file.state == FileState.READY
    assert content_of(stored_file.key) == SAMPLES[extension]
    assert len(stored_file.sha256) == 64
    assert stored_file.size == len(SAMPLES[extension])


@pytest.mark.parametrize("extension", ["zip", "rar", "mp3", "wav", "m4a", "mp4", "avi", "mov"])
def test_what_only_chat_takes_is_served_as_sent(client_user: User, extension: str) -> None:
    stored_file = processed(client_user, f"a.{extension}", SAMPLES[extension], Purpose.CHAT_FILE)
    assert stored_file.state == FileState.READY
    assert stored_file.key.startswith("chat_files/")


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "webp"])
def test_pictures_are_written_anew_with_nothing_behind(client_user: User, extension: str) -> None:
    polyglot = SAMPLES[extension] + b"<script>alert(1)</script>" + archive(a=b"a")
    stored_file = processed(client_user, f"a.{extension}", polyglot)
    assert stored_file.state == FileState.READY
    served = content_of(stored_file.key)
    assert b"script" not in served
    assert b"PK" not in served
    assert stored_file.size == len(served)
    with Image.open(io.BytesIO(served)) as image:
        assert image.size == (40, 20)


def test_pictures_are_turned_upright_and_lose_where_they_were_taken(client_user: User) -> None:
    original = picture("JPEG", (40, 20), orientation=6)
    assert Image.open(io.BytesIO(original)).getexif()
    stored_file = processed(client_user, "a.jpg", original)
    with Image.open(io.BytesIO(content_of(stored_file.key))) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
        red, _, blue = image.getpixel((10, 5))  # type: ignore[misc]
        assert red > 200 > blue


def test_an_animation_stays_one(client_user: User) -> None:
    frames = [Image.new("RGB", (10, 10), color) for color in ("red", "green", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=70)
    stored_file = processed(client_user, "a.gif", target.getvalue())
    with Image.open(io.BytesIO(content_of(stored_file.key))) as image:
        assert getattr(image, "n_frames", 1) == 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode(client_user: User, mode: str) -> None:
    target = io.BytesIO()
    image_format = "JPEG" if mode == "CMYK" else "TIFF" if mode == "PA" else "PNG"
    if image_format == "TIFF":
        image_format, image = "PNG", Image.new("RGBA", (30, 30)).quantize()
    else:
        image = Image.new(mode, (30, 30))
    image.save(target, image_format)
    name = "a.jpg" if image_format == "JPEG" else "a.png"
    assert processed(client_user, name, target.getvalue(), Purpose.PROFILE_PICTURE).state == FileState.READY


def test_a_profile_picture_has_thumbnails(accountant: User) -> None:
    stored_file = processed(accountant, "a.png", picture("PNG", (900, 600)), Purpose.PROFILE_PICTURE)
    assert stored_file.key.startswith("profile_pictures/accountants/")
    assert stored_file.thumbnail_sizes == [128, 512]
    for size in (128, 512):
        with Image.open(io.BytesIO(content_of(stored_file.thumbnail_key(size)))) as image:
            assert (image.format, image.size) == ("WEBP", (size, size))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "a.pdf",
            b"%PDF-1.4 and nothing more",
            "The PDF is damaged: it doesn't say at its end where its table of objects is.",
        ),
        (
            "a.pdf",
            b"%PDF-1.4\nstartxref\n3\n%%EOF",
            "The PDF is damaged: its table of objects isn't where it should be.",
        ),
        (
            "a.pdf",
            b"%PDF-1.4\n" + archive(a=b"a") + pdf(),
            "The PDF is damaged: its table of objects isn't where it should be.",
        ),
        ("a.docx", office("docx", **{"word/vbaProject.bin": b""}), "Documents with macros are not accepted."),
        ("a.doc", ole()[:1200], "The document holds no text or table."),
        ("a.png", picture("PNG", (400, 400))[:-40], "The image is damaged and can't be read."),
    ],
)
def test_a_hopeless_file_is_rejected_with_a_reason(
    client_user: User, name: str, content: bytes, reason: str
) -> None:
    stored_file = processed(client_user, name, content)
    assert stored_file.state == FileState.REJECTED
    assert stored_file.reason == reason
    assert not default_storage.exists(stored_file.key)


def test_an_office_file_of_another_type_is_rejected(client_user: User) -> None:
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    content = archive(**{"[Content_Types].xml": types, "word/document.xml": b""})
    assert (
        processed(client_user, "a.docx", content).reason
        == "The document is not of the type its extension says."
    )


def test_what_can_be_told_of_it_is_told_to_the_owner_alone(
    client_user: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[object, object]] = []
    monkeypatch.setattr("core.realtime.publish", lambda event, *, to: heard.append((event, to)))
    good, bad = sent(client_user, "a.pdf", pdf()), sent(client_user, "b.pdf", b"%PDF-1")
    with django_capture_on_commit_callbacks(execute=True):
        actions.process_file(file_id=good.id)
        actions.process_file(file_id=bad.id)
        assert heard == []
    (ready, first), (rejected, second) = heard
    assert first.ids == second.ids == (client_user.id,)  # type: ignore[attr-defined]
    assert ready.model_dump()["type"] == "file_processed"  # type: ignore[attr-defined]
    assert ready.url.startswith("/media/profile_attachments/")  # type: ignore[attr-defined]
    assert rejected.model_dump()["type"] == "file_rejected"  # type: ignore[attr-defined]
    assert rejected.reason == "The PDF is damaged: it doesn't say at its end where its table of objects is."  # type: ignore[attr-defined]


def test_other_parts_hear_of_a_settled_file(client_user: User) -> None:
    heard: list[str] = []

    def hear(stored_file: StoredFile, **_: object) -> None:
        heard.append(stored_file.state)

    file_settled.connect(hear)
    try:
        processed(client_user, "a.pdf", pdf())
        processed(client_user, "b.pdf", b"%PDF-1", Purpose.CHAT_FILE)
    finally:
        file_settled.disconnect(hear)
    assert heard == ["ready", "rejected"]


def test_processing_twice_changes_nothing(client_user: User) -> None:
    first = processed(client_user, "a.jpg", SAMPLES["jpg"])
    actions.process_file(file_id=first.id)
    second = StoredFile.objects.get()
    assert (second.processed_at, second.sha256) == (first.processed_at, first.sha256)


def test_a_crash_before_the_end_is_repeated_safely(
    client_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes were written, the row wasn't: the second run writes the same bytes over them."""
    stored_file = sent(client_user, "a.jpg", SAMPLES["jpg"])
    with monkeypatch.context() as crash:
        crash.setattr(actions, "_settle", _die)
        with pytest.raises(SystemError):
            actions.process_file(file_id=stored_file.id)
    stored_file.refresh_from_db()
    assert stored_file.state == FileState.PENDING
    assert default_storage.exists(stored_file.key)
    actions.process_file(file_id=stored_file.id)
    stored_file.refresh_from_db()
    assert stored_file.state == FileState.READY
    assert len(content_of(stored_file.key)) == stored_file.size


def _die(*_: object) -> None:
    raise SystemError("killed")


class Clamd(threading.Thread):
    """Speaks clamd's INSTREAM and knows one virus."""

    def __init__(self, *, reply: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.reply = reply
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\x00"
                content = b""
                while length := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(length)
                found = b"stream: Eicar-Test-Signature FOUND\x00" if EICAR in content else b"stream: OK\x00"
                connection.sendall(self.reply or found)


@pytest.fixture
def clamd(settings: Settings) -> Iterator[Clamd]:
    scanner = Clamd()
    scanner.start()
    settings.CLAMD_URL = scanner.url
    yield scanner
    scanner.listener.close()


@pytest.mark.usefixtures("clamd")
def test_a_virus_is_rejected_and_a_clean_file_isnt(client_user: User) -> None:
    infected = processed(client_user, "a.txt", EICAR)
    assert (infected.state, infected.reason) == (FileState.REJECTED, "The file contains a virus.")
    assert processed(client_user, "b.txt", b"clean").state == FileState.READY


def test_a_scanner_that_cannot_tell_delays_the_file(client_user: User, clamd: Clamd) -> None:
    clamd.reply = b"INSTREAM size limit exceeded. ERROR\x00"
    stored_file = sent(client_user, "a.txt", b"text")
    with pytest.raises(TransientError):
        actions.process_file(file_id=stored_file.id)
    stored_file.refresh_from_db()
    assert stored_file.state == FileState.PENDING


def test_an_absent_scanner_delays_the_file(client_user: User, settings: Settings) -> None:
    settings.CLAMD_URL = "unix:///nonexistent/clamd.sock"
    stored_file = sent(client_user, "a.txt", b"text")
    with pytest.raises(TransientError):
        actions.process_file(file_id=stored_file.id)
