"""Files in rooms: decisions D13, D14 and B26."""

from typing import Any
from uuid import uuid4

import pytest

from core.accounts.models import User
from core.chat.actions.members import remove_member
from core.chat.actions.messages import delete_message
from core.chat.models import Message, PendingFile
from core.chat.queries import unread_count
from core.files.deletion import unreferenced
from core.jobs.models import Job
from core.notifications.models import Notification
from tests.cast import Api, make_user
from tests.chatting import make_direct, make_group, work_off
from tests.samples import SAMPLES, picture, upload

pytestmark = pytest.mark.django_db
NO_ACCESS = {"detail": "You do not have permission to access this room."}
TYPES = [
    *("jpg", "jpeg", "png", "gif", "webp", "pdf", "doc", "docx", "txt"),
    *("zip", "rar", "mp3", "wav", "m4a", "mp4", "avi", "mov"),
]


def post(api: Api, room: Any, file: Any, user: User) -> Any:
    path = f"/chat/rooms/{getattr(room, 'id', room)}/upload_file/"
    return api.post(path, {"file": file}, user=user)


def history(api: Api, room: Any, user: User) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/chat/chatrooms/{room.id}/messages/", user=user).json()["results"]
    return found


def fetch(api: Api, url: str) -> tuple[Any, bytes]:
    """The answer, read to its end, and its body."""
    answer: Any = api.client.get(url)
    return answer, b"".join(answer.streaming_content)


def test_d14_a_file_is_said_once_it_is_ready(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    answer = post(api, room, upload("تصريح G50.png", picture("PNG")), accountant)
    assert answer.status_code == 201
    url, message_id = answer.json()["file_url"], answer.json()["message_id"]
    assert url.startswith("/media/chat_files/")
    assert history(api, room, academic) == []
    assert unread_count(academic.id) == 0
    waiting = api.client.get(url)
    assert (waiting.status_code, waiting["Retry-After"]) == (404, "1")

    work_off()
    (message,) = history(api, room, academic)
    assert message["message_id"] == message_id
    assert (message["message_type"], message["filename"]) == ("file", "تصريح G50.png")
    assert message["content"] == message["file"] == url
    assert fetch(api, url)[0].status_code == 200
    assert fetch(api, message["thumbnail"])[1].startswith(b"RIFF")
    assert unread_count(academic.id) == 1
    told = Notification.objects.get()
    assert told.user == academic
    assert told.message == "Karim Accountant in Tax Discussion: تصريح G50.png"


@pytest.mark.parametrize("extension", TYPES)
def test_d13_the_listed_types(api: Api, accountant: User, extension: str) -> None:
    room = make_group(accountant)
    answer = post(api, room, upload(f"a.{extension}", SAMPLES[extension]), accountant)
    assert answer.status_code == 201
    work_off()
    message = Message.objects.get()
    assert (message.content, message.message_type) == (f"a.{extension}", "file")
    is_picture = extension in {"jpg", "jpeg", "png", "gif", "webp"}
    (shown,) = history(api, room, accountant)
    assert (shown["thumbnail"] is not None) == is_picture


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<html>"),
        ("a.xlsx", SAMPLES["xlsx"]),
        ("a.png", SAMPLES["pdf"]),
        ("a.pdf", b""),
        ("noextension", b"x"),
    ],
)
def test_d13_other_files(api: Api, accountant: User, name: str, content: bytes) -> None:
    answer = post(api, make_group(accountant), upload(name, content), accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"file"})
    assert not PendingFile.objects.exists()


def test_d13_at_most_25_mb(api: Api, accountant: User, settings: Any) -> None:
    assert settings.CHAT_UPLOAD_MAX_BYTES == 25 * 1024 * 1024
    settings.CHAT_UPLOAD_MAX_BYTES = 100
    answer = post(api, make_group(accountant), upload("a.txt", b"x" * 101), accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"file"})


@pytest.mark.parametrize("body", [None, {}, {"file": ""}, {"file": None}])
def test_d13_a_missing_file(api: Api, accountant: User, body: Any) -> None:
    path = f"/chat/rooms/{make_group(accountant).id}/upload_file/"
    answer = api.post(path, body, user=accountant)
    assert (answer.status_code, answer.json()) == (400, {"file": ["No file was submitted."]})


def test_d13_text_is_no_file(api: Api, accountant: User) -> None:
    answer = post(api, make_group(accountant), "text", accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"file"})


@pytest.mark.parametrize(
    ("name", "shown"), [("a.pdf", "attachment"), ("a.zip", "attachment"), ("a.png", "inline")]
)
def test_d13_downloads(api: Api, accountant: User, name: str, shown: str) -> None:
    room = make_group(accountant)
    url = post(api, room, upload(name, SAMPLES[name[2:]]), accountant).json()["file_url"]
    work_off()
    answer, _ = fetch(api, url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(shown)


def test_a_stranger_sends_no_file(api: Api, accountant: User, stranger: User) -> None:
    answer = post(api, make_group(accountant), upload("a.pdf", SAMPLES["pdf"]), stranger)
    assert (answer.status_code, answer.json()) == (403, NO_ACCESS)


@pytest.mark.parametrize("room", [uuid4(), "no-uuid"])
def test_f2_rooms_that_are_not_there(api: Api, accountant: User, room: Any) -> None:
    answer = post(api, room, upload("a.pdf", SAMPLES["pdf"]), accountant)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_d14_of_a_refused_file_nobody_hears(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    torn = picture("PNG", (400, 400))
    answer = post(api, room, upload("a.png", torn[: len(torn) // 2]), accountant)
    assert answer.status_code == 201
    work_off()
    assert history(api, room, accountant) == history(api, room, academic) == []
    assert unread_count(academic.id) == 0
    assert not Notification.objects.exists()
    assert not PendingFile.objects.exists()
    assert unreferenced().count() == 1
    assert Job.objects.filter(name="chat.announce_refusal", state="done").count() == 1


def test_who_left_says_nothing_any_more(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    post(api, room, upload("a.pdf", SAMPLES["pdf"]), academic)
    remove_member(actor=accountant, room_id=room.id, user_id=academic.id)
    work_off()
    assert not Message.objects.exists()
    assert not PendingFile.objects.exists()
    assert unreferenced().count() == 1


def test_a_deleted_file_message_loses_its_file(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    post(api, room, upload("a.pdf", SAMPLES["pdf"]), accountant)
    work_off()
    message = Message.objects.get()
    edited = api.put(f"/chat/chatrooms/messages/{message.id}/update/", {"content": "x"}, user=accountant)
    assert (edited.status_code, set(edited.json())) == (400, {"content"})
    delete_message(actor=accountant, message_id=message.id)
    (shown,) = history(api, room, accountant)
    assert shown["content"] == "This message has been deleted"
    assert [shown[key] for key in ("file", "filename", "thumbnail")] == [None] * 3
    assert unreferenced().count() == 1


def test_b25_files_are_found_by_name(api: Api, accountant: User) -> None:
    room = make_direct(accountant, make_user("client"))
    post(api, room, upload("Déclaration.pdf", SAMPLES["pdf"]), accountant)
    work_off()
    path = f"/chat/chatrooms/{room.id}/messages/?search=declaration"
    assert api.get(path, user=accountant).json()["count"] == 1
