"""History, edits, deletions and reading: decisions D10, D12, D15, D21 and E17."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.chat.models import Message
from core.jobs.models import Job
from core.notifications.models import Notification
from tests.cast import Api, make_user, tokens_of
from tests.chatting import make_direct, make_group, say, work_off
from web.chat.schemas import MessageOut

pytestmark = pytest.mark.django_db
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NO_ACCESS = {"detail": "You do not have permission to access this room."}
NOT_FOUND = {"detail": "Not found."}
GONE = {"detail": "Message not found or already deleted."}
KEYS = {
    "message_id", "room", "sender", "content", "timestamp", "edited_at", "is_deleted", "is_edited",
    "message_type", "file", "filename", "thumbnail",
}  # fmt: skip


def messages(room: Any, query: str = "") -> str:
    return f"/chat/chatrooms/{getattr(room, 'id', room)}/messages/{query}"


def update(message: Any) -> str:
    return f"/chat/chatrooms/messages/{getattr(message, 'id', message)}/update/"


def delete(message: Any) -> str:
    return f"/chat/chatrooms/messages/{getattr(message, 'id', message)}/delete/"


def contents(page: dict[str, Any]) -> list[str]:
    return [one["content"] for one in page["results"]]


def test_d10_a_message(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    message = say(room, accountant, "Hello everyone!")
    page = api.get(messages(room), user=academic).json()
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    (item,) = page["results"]
    assert set(item) == KEYS
    assert item.pop("timestamp") == message.sent_at.isoformat().replace("+00:00", "Z")
    assert item == {
        "message_id": str(message.id),
        "room": {"room_id": str(room.id), "room_name": "Tax Discussion"},
        "sender": {
            "pk": str(accountant.id),
            "email": accountant.email,
            "full_name": "Karim Accountant",
            "user_type": "accountant",
        },
        "content": "Hello everyone!",
        "edited_at": None,
        "is_deleted": False,
        "is_edited": False,
        "message_type": "text",
        "file": None,
        "filename": None,
        "thumbnail": None,
    }


def test_history_agrees_with_its_schema(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    message = say(room, accountant)
    api.put(update(message), {"content": "أهلا"}, user=accountant)
    (item,) = api.get(messages(room), user=accountant).json()["results"]
    shown = MessageOut.model_validate(item).model_dump(mode="json")
    assert shown == item


def test_pages_of_20_newest_first(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    for number in range(45):
        say(room, accountant, str(number))
    token = tokens_of(accountant).access
    read: list[str] = []
    page: dict[str, Any] = {"next": messages(room)}
    costs = set()
    while page["next"]:
        with CaptureQueriesContext(connection) as queries:
            page = api.get(page["next"], token=token).json()
        costs.add(len(queries))
        assert page["count"] == 45
        read += contents(page)
    assert read == [str(number) for number in reversed(range(45))]
    assert len(costs) == 1
    assert costs.pop() <= 3
    for wrong in ("0", "4", "x", "-1"):
        answer = api.get(messages(room, f"?page={wrong}"), user=accountant)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize("search", ["", "&search=bilan"])
def test_before_is_not_shifted_by_what_arrives(api: Api, accountant: User, search: str) -> None:
    room = make_group(accountant)
    first = [say(room, accountant, f"bilan {number}") for number in range(45)]
    newest = first[-1].id
    page = api.get(messages(room, f"?before={newest}{search}"), user=accountant).json()
    read = contents(page)
    while page["next"]:
        assert page["previous"] is None
        say(room, accountant, "bilan in between")
        page = api.get(page["next"], user=accountant).json()
        read += contents(page)
    assert read == [f"bilan {number}" for number in reversed(range(44))]


@pytest.mark.parametrize(("before", "status"), [(str(uuid4()), 404), ("x", 400)])
def test_before_a_message_that_is_not_there(api: Api, accountant: User, before: str, status: int) -> None:
    room, other = make_group(accountant), make_group(accountant)
    assert api.get(messages(room, f"?before={before}"), user=accountant).status_code == status
    elsewhere = say(other, accountant).id
    assert api.get(messages(room, f"?before={elsewhere}"), user=accountant).status_code == 404


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("declaration", ["La Déclaration G50 est prête"]),
        ("G50 prete", ["La Déclaration G50 est prête"]),
        ("محاسب", ["اتصل بالمُحاسِبة"]),
        ("محاسبه", ["اتصل بالمُحاسِبة"]),
        ("nobody", []),
        ("deleted", []),
        ("%25", []),
        ("_ @", []),
        ("%25 G50", ["La Déclaration G50 est prête"]),
    ],
)
def test_b25_messages_are_found(
    api: Api, accountant: User, academic: User, search: str, found: list[str]
) -> None:
    room, other = make_group(accountant, academic), make_group(accountant)
    for text in ("La Déclaration G50 est prête", "اتصل بالمُحاسِبة", "rien"):
        say(room, accountant, text)
        say(other, accountant, text)
    api.delete(delete(say(room, accountant, "declaration G50 prete, deleted")), user=accountant)
    page = api.get(messages(room, f"?search={search}"), user=academic).json()
    assert (page["count"], contents(page)) == (len(found), found)


def test_a_page_of_a_search(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    for number in range(50):
        say(room, accountant, f"{'bilan' if number % 2 else 'autre'} {number}")
    page = api.get(messages(room, "?search=bilan&page=2"), user=accountant).json()
    assert page["count"] == 25
    assert contents(page) == [f"bilan {number}" for number in (9, 7, 5, 3, 1)]
    assert page["previous"].endswith("?search=bilan")
    assert page["next"] is None


def test_a_stranger_reads_nothing(api: Api, accountant: User, stranger: User) -> None:
    room = make_group(accountant)
    answers = [
        api.get(messages(room), user=stranger),
        api.post(f"/chat/rooms/{room.id}/mark-read/", user=stranger),
        api.get(messages(make_direct(accountant, make_user("client"))), user=stranger),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()) == (403, NO_ACCESS)


@pytest.mark.parametrize("room", [uuid4(), "no-uuid"])
def test_f2_rooms_that_are_not_there(api: Api, accountant: User, room: Any) -> None:
    for answer in (
        api.get(messages(room), user=accountant),
        api.post(f"/chat/rooms/{room}/mark-read/", user=accountant),
    ):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_update(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    message = say(room, accountant, "Helo")
    answer = api.put(update(message), {"content": "Hello"}, user=accountant)
    assert answer.status_code == 200
    message.refresh_from_db()
    assert message.edited_at is not None
    assert answer.json() == {
        "message_id": str(message.id),
        "content": "Hello",
        "edited_at": message.edited_at.isoformat().replace("+00:00", "Z"),
    }
    (shown,) = api.get(messages(room), user=accountant).json()["results"]
    assert (shown["content"], shown["is_edited"]) == ("Hello", True)
    assert shown["edited_at"] == answer.json()["edited_at"]
    assert Job.objects.filter(name="chat.announce_edit").count() == 1


@pytest.mark.parametrize("content", ["", "  ", None, 5, ["x"], "a\x00b", "x" * 10_001])
def test_d21_malformed_updates(api: Api, accountant: User, content: Any) -> None:
    message = say(make_group(accountant), accountant)
    answer = api.put(update(message), {"content": content}, user=accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"content"})
    assert api.put(update(message), {}, user=accountant).json() == {"content": ["This field is required."]}


def test_delete(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    message = say(room, accountant, "secret")
    answer = api.delete(delete(message), user=accountant)
    assert (answer.status_code, answer.content) == (204, b"")
    page = api.get(messages(room), user=academic).json()
    (shown,) = page["results"]
    assert (shown["content"], shown["is_deleted"]) == ("This message has been deleted", True)
    assert page["count"] == 1
    assert not Message.objects.filter(content__contains="secret").exists()
    assert api.get("/chat/unread-count/", user=academic).json() == {"unread_count": 0}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_d12_anothers_message(
    api: Api, accountant: User, academic: User, stranger: User, method: str
) -> None:
    message = say(make_group(accountant, academic), accountant)
    path = update(message) if method == "PUT" else delete(message)
    body = {"content": "x"} if method == "PUT" else None
    member = api.request(method, path, body, user=academic)
    assert (member.status_code, member.json()) == (403, FORBIDDEN)
    outsider = api.request(method, path, body, user=stranger)
    assert (outsider.status_code, outsider.json()) == (404, GONE)
    assert api.delete(delete(message), user=accountant).status_code == 204
    for user in (accountant, academic, stranger):
        answer = api.request(method, path, body, user=user)
        assert (answer.status_code, answer.json()) == (404, GONE)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_unknown_and_malformed_messages(api: Api, accountant: User, method: str) -> None:
    path = update if method == "PUT" else delete
    unknown = api.request(method, path(uuid4()), {"content": "x"}, user=accountant)
    assert (unknown.status_code, unknown.json()) == (404, GONE)
    malformed = api.request(method, path("no-uuid"), {"content": "x"}, user=accountant)
    assert (malformed.status_code, malformed.json()) == (404, NOT_FOUND)


def test_d15_the_counts_agree(api: Api, accountant: User, academic: User) -> None:
    room, other = make_group(accountant, academic), make_group(accountant, academic)

    def unread() -> tuple[int, list[bool]]:
        count = api.get("/chat/unread-count/", user=academic).json()["unread_count"]
        rooms = {
            one["room_id"]: one["has_unread_messages"]
            for one in api.get("/chat/chatrooms/group/", user=academic).json()
        }
        return count, [rooms[str(room.id)], rooms[str(other.id)]]

    assert unread() == (0, [False, False])
    said = [say(room, accountant) for _ in range(3)]
    say(other, academic)
    assert unread() == (3, [True, False])
    for message, left in zip(said, (2, 1, 0), strict=True):
        api.delete(delete(message), user=accountant)
        assert unread() == (left, [left > 0, False])
    say(room, accountant)
    assert unread() == (1, [True, False])
    answer = api.post(f"/chat/rooms/{room.id}/mark-read/", user=academic)
    assert (answer.status_code, answer.json()) == (200, {"message": "Last seen updated successfully"})
    assert unread() == (0, [False, False])


def test_e17_reading_a_room_reads_its_notifications(api: Api, accountant: User, academic: User) -> None:
    room, other = make_group(accountant, academic), make_group(accountant, academic)
    say(room, accountant), say(room, accountant), say(other, accountant)
    work_off()
    assert api.get("/notifications/unread-count/", user=academic).json() == {"unread_count": 3}
    Job.objects.all().delete()
    api.post(f"/chat/rooms/{room.id}/mark-read/", user=academic)
    assert api.get("/notifications/unread-count/", user=academic).json() == {"unread_count": 1}
    unread = Notification.objects.get(user=academic, is_read=False)
    assert unread.related_object_id == other.id
    assert [job.name for job in Job.objects.all()] == ["unread.push_counts"]
    api.post(f"/chat/rooms/{room.id}/mark-read/", user=academic)
    assert Job.objects.count() == 1


def test_e19_reading_tells_ones_sockets(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    say(room, accountant)
    Job.objects.all().delete()
    api.post(f"/chat/rooms/{room.id}/mark-read/", user=academic)
    assert [job.params for job in Job.objects.all()] == [{"user_id": str(academic.id)}]
