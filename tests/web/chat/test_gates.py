"""Who hears what first: of the token, then of what is there, of one's rights, and of the body last."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from core.accounts.models import User
from tests.cast import Api, make_user
from tests.chatting import make_direct, make_group, say
from tests.samples import SAMPLES, upload

pytestmark = pytest.mark.django_db
FORBIDDEN = (403, {"detail": "You do not have permission to perform this action."})
NO_ACCESS = (403, {"detail": "You do not have permission to access this room."})
NOT_FOUND = (404, {"detail": "Not found."})
GONE = (404, {"detail": "Message not found or already deleted."})
ANONYMOUS = {"detail": "Authentication credentials were not provided."}
MALFORMED: list[Any] = [None, {}, [], {"user_id": 5, "content": None, "room_name": "", "file": "x"}]


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json()


@pytest.mark.parametrize("body", MALFORMED)
def test_a_file_for_a_room(api: Api, accountant: User, stranger: User, body: Any) -> None:
    def post(room_id: object, user: User) -> tuple[int, Any]:
        return told(api.post(f"/chat/rooms/{room_id}/upload_file/", body, user=user))

    room = make_group(accountant)
    assert post(room.id, stranger) == NO_ACCESS
    assert post(uuid4(), accountant) == post("no-uuid", accountant) == NOT_FOUND
    assert post(room.id, accountant)[0] == 400


def test_a_file_too_large_for_strangers(api: Api, accountant: User, stranger: User, settings: Any) -> None:
    settings.CHAT_UPLOAD_MAX_BYTES = 10
    body = {"file": upload("a.pdf", SAMPLES["pdf"])}
    path = f"/chat/rooms/{make_group(accountant).id}/upload_file/"
    assert told(api.post(path, body, user=stranger)) == NO_ACCESS


@pytest.mark.parametrize("body", MALFORMED)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/chat/chatrooms/group/{}/add_member/"), ("PUT", "/chat/chatrooms/{}/")]
)
def test_what_only_a_room_s_maker_does(
    api: Api, accountant: User, academic: User, stranger: User, method: str, path: str, body: Any
) -> None:
    def ask(room_id: object, user: User) -> tuple[int, Any]:
        return told(api.request(method, path.format(room_id), body, user=user))

    room = make_group(accountant, academic)
    assert ask(room.id, stranger) == NOT_FOUND
    assert ask(room.id, academic) == FORBIDDEN
    assert ask(make_direct(accountant, academic).id, accountant) == FORBIDDEN
    assert ask(uuid4(), accountant) == ask("no-uuid", accountant) == NOT_FOUND
    assert ask(room.id, accountant)[0] == 400


@pytest.mark.parametrize("body", MALFORMED)
def test_a_change_of_a_message(api: Api, accountant: User, academic: User, stranger: User, body: Any) -> None:
    def put(message_id: object, user: User) -> tuple[int, Any]:
        return told(api.put(f"/chat/chatrooms/messages/{message_id}/update/", body, user=user))

    message = say(make_group(accountant, academic), accountant)
    assert put(message.id, stranger) == GONE
    assert put(message.id, academic) == FORBIDDEN
    assert put(uuid4(), accountant) == GONE
    assert put("no-uuid", accountant) == NOT_FOUND
    assert put(message.id, accountant)[0] == 400
    assert api.delete(f"/chat/chatrooms/messages/{message.id}/delete/", user=accountant).status_code == 204
    assert put(message.id, accountant) == GONE


@pytest.mark.parametrize("body", MALFORMED)
def test_a_group_of_who_may_make_none(api: Api, body: Any) -> None:
    answer = api.post("/chat/chatrooms/group/create/", body, user=make_user("client"))
    assert told(answer) == FORBIDDEN


_ROOM, _OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/chat/chatrooms/group/"),
        ("POST", "/chat/chatrooms/group/create/"),
        ("GET", "/chat/chatrooms/direct/me/"),
        ("POST", "/chat/chatrooms/direct/"),
        ("GET", f"/chat/chatrooms/{_ROOM}/"),
        ("PUT", f"/chat/chatrooms/{_ROOM}/"),
        ("DELETE", f"/chat/chatrooms/{_ROOM}/"),
        ("GET", "/chat/available_users/"),
        ("POST", f"/chat/chatrooms/group/{_ROOM}/add_member/"),
        ("DELETE", f"/chat/chatrooms/group/{_ROOM}/remove_member/{_OTHER}/"),
        ("GET", f"/chat/chatrooms/{_ROOM}/messages/"),
        ("PUT", f"/chat/chatrooms/messages/{_ROOM}/update/"),
        ("DELETE", f"/chat/chatrooms/messages/{_ROOM}/delete/"),
        ("POST", f"/chat/rooms/{_ROOM}/upload_file/"),
        ("GET", f"/chat/chatrooms/{_ROOM}/members/"),
        ("GET", f"/chat/rooms/{_ROOM}/members/count/"),
        ("GET", "/chat/unread-count/"),
        ("POST", f"/chat/rooms/{_ROOM}/mark-read/"),
    ],
)
def test_anonymous(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()) == (401, ANONYMOUS)
