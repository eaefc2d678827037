"""Group rooms: decisions D1 and D9."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User, UserType
from core.chat.models import Room
from core.chat.queries import unread_count
from core.jobs.models import Job
from tests.cast import Api, make_user, tokens_of
from tests.chatting import make_direct, make_group, say
from web.chat.schemas import RoomOut

pytestmark = pytest.mark.django_db
GROUPS = "/chat/chatrooms/group/"
CREATE = "/chat/chatrooms/group/create/"
MINE = "/chat/chatrooms/direct/me/"
ROOM_KEYS = {
    "room_id", "creator", "room_name", "created_at", "description", "is_private", "is_dm",
    "members_count", "message_count", "has_unread_messages",
}  # fmt: skip
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NO_ACCESS = {"detail": "You do not have permission to access this room."}
NOT_FOUND = {"detail": "Not found."}
REFUSED = {"error": "You cannot message this user"}
ANONYMOUS = {"detail": "Authentication credentials were not provided."}


def brief(user: User) -> dict[str, str]:
    return {
        "pk": str(user.id),
        "email": user.email,
        "full_name": user.full_name,
        "user_type": user.user_type,
    }


def test_create_group(api: Api, accountant: User) -> None:
    body = {"room_name": " Tax Preparation ", "description": "Tax topics", "is_private": True}
    answer = api.post(CREATE, body, user=accountant)
    assert answer.status_code == 201
    room = answer.json()
    assert set(room) == ROOM_KEYS
    made = Room.objects.get(id=room.pop("room_id"))
    assert room.pop("created_at") == made.created_at.isoformat().replace("+00:00", "Z")
    assert room == {
        "creator": brief(accountant),
        "room_name": "Tax Preparation",
        "description": "Tax topics",
        "is_private": True,
        "is_dm": False,
        "members_count": 1,
        "message_count": 0,
        "has_unread_messages": False,
    }
    assert [m.user_id for m in made.memberships.all()] == [accountant.id]


@pytest.mark.parametrize("role", [UserType.CLIENT, UserType.ACADEMIC, UserType.ADMIN])
@pytest.mark.parametrize("body", [{"room_name": "Tax"}, {}])
def test_only_accountants_create_groups(api: Api, role: str, body: dict[str, str]) -> None:
    answer = api.post(CREATE, body, user=make_user(role))
    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"room_name"}),
        ({"room_name": ""}, {"room_name"}),
        ({"room_name": "  "}, {"room_name"}),
        ({"room_name": None, "is_private": "perhaps"}, {"room_name", "is_private"}),
        ({"room_name": "x" * 256, "description": "\x00"}, {"room_name", "description"}),
        ({"room_name": 5}, {"room_name"}),
    ],
)
def test_malformed_group(api: Api, accountant: User, body: Any, fields: set[str]) -> None:
    answer = api.post(CREATE, body, user=accountant)
    assert (answer.status_code, set(answer.json())) == (400, fields)


def test_groups_are_listed_by_activity(api: Api, accountant: User, academic: User) -> None:
    first, second = make_group(accountant, academic, name="A"), make_group(accountant, academic, name="B")
    make_group(accountant, name="without the academic")
    make_direct(academic, accountant)
    rooms = api.get(GROUPS, user=academic).json()
    assert [room["room_name"] for room in rooms] == ["B", "A"]
    say(first, accountant)
    rooms = api.get(GROUPS, user=academic).json()
    assert [(room["room_name"], room["message_count"]) for room in rooms] == [("A", 1), ("B", 0)]
    assert [room["has_unread_messages"] for room in rooms] == [True, False]
    own = api.get(GROUPS, user=accountant).json()
    assert [room["has_unread_messages"] for room in own] == [False, False, False]
    assert second.members_count == 2


def test_lists_agree_with_the_schema_and_the_detail(api: Api, accountant: User, academic: User) -> None:
    """PostgreSQL makes them: they must say what the schema says."""
    group, direct = make_group(accountant, academic), make_direct(academic, accountant)
    say(group, accountant)
    for path, room in ((GROUPS, group), (MINE, direct)):
        (listed,) = api.get(path, user=academic).json()
        shown = RoomOut.model_validate(listed).model_dump(mode="json")
        assert shown == listed
        assert set(listed) == ROOM_KEYS
        assert api.get(f"/chat/chatrooms/{room.id}/", user=academic).json() == listed


def test_lists_cost_the_same_however_long(api: Api, accountant: User, academic: User) -> None:
    token = tokens_of(academic).access
    counts = []
    for _ in range(2):
        make_group(accountant, academic), make_group(accountant, academic)
        with CaptureQueriesContext(connection) as queries:
            assert api.get(GROUPS, token=token).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_d9_a_client_has_no_groups(api: Api, accountant: User, client_user: User) -> None:
    room = make_group(accountant)
    assert api.get(GROUPS, user=client_user).json() == []
    detail = api.get(f"/chat/chatrooms/{room.id}/", user=client_user)
    assert (detail.status_code, detail.json()) == (403, NO_ACCESS)


def test_f7_an_administrator_has_none_of_these(api: Api, admin_user: User) -> None:
    assert api.get(GROUPS, user=admin_user).json() == []
    assert api.get(MINE, user=admin_user).json() == []


def test_d1_the_creator_changes_a_group(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant, academic)
    path = f"/chat/chatrooms/{room.id}/"
    answer = api.put(path, {"room_name": "Updated Room Name", "is_private": True}, user=accountant)
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["room_name"], changed["description"]) == ("Updated Room Name", "About taxes")
    assert changed["is_private"] is True
    assert api.get(path, user=academic).json() == changed
    blank = api.put(path, {"room_name": ""}, user=accountant)
    assert (blank.status_code, blank.json()) == (400, {"room_name": ["This field may not be blank."]})


@pytest.mark.parametrize("body", [None, {}, {"creator": 5}])
def test_a_change_of_nothing_is_a_mistake(api: Api, accountant: User, body: Any) -> None:
    answer = api.put(f"/chat/chatrooms/{make_group(accountant).id}/", body, user=accountant)
    assert (answer.status_code, answer.json()) == (
        400,
        {"non_field_errors": ["At least one field is required."]},
    )


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_d1_others_do_not(api: Api, accountant: User, academic: User, stranger: User, method: str) -> None:
    path = f"/chat/chatrooms/{make_group(accountant, academic).id}/"
    body = {"room_name": "x"} if method == "PUT" else None
    member = api.request(method, path, body, user=academic)
    assert (member.status_code, member.json()) == (403, FORBIDDEN)
    for outsider in (stranger, make_user("accountant")):
        answer = api.request(method, path, body, user=outsider)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert Room.objects.filter(name="Tax Discussion", deleted_at=None).exists()


def test_d1_the_creator_deletes_a_group(api: Api, accountant: User, academic: User) -> None:
    room, kept = make_group(accountant, academic), make_group(accountant, academic)
    say(room, accountant), say(kept, accountant)
    assert unread_count(academic.id) == 2
    answer = api.delete(f"/chat/chatrooms/{room.id}/", user=accountant)
    assert (answer.status_code, answer.content) == (204, b"")
    assert unread_count(academic.id) == 1
    assert [item["room_id"] for item in api.get(GROUPS, user=academic).json()] == [str(kept.id)]
    for path in ("", "messages/", "members/"):
        gone = api.get(f"/chat/chatrooms/{room.id}/{path}", user=accountant)
        assert (gone.status_code, gone.json()) == (404, NOT_FOUND)
    assert api.delete(f"/chat/chatrooms/{room.id}/", user=accountant).status_code == 404
    told = {job.name for job in Job.objects.filter(params__room_id=str(room.id))}
    assert "chat.announce_room_deleted" in told
    behind = Job.objects.filter(name="chat.forget_room").values_list("params__user_id", flat=True)
    assert list(behind) == [str(academic.id)]


def test_a_stranger_gets_no_room(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    answer = api.get(f"/chat/chatrooms/{room.id}/", user=make_user("academic"))
    assert (answer.status_code, answer.json()) == (403, NO_ACCESS)


@pytest.mark.parametrize("room_id", [uuid4(), "no-uuid", "5"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_f2_unknown_and_malformed_ids(api: Api, accountant: User, room_id: Any, method: str) -> None:
    answer = api.request(method, f"/chat/chatrooms/{room_id}/", {"room_name": "x"}, user=accountant)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_ids_in_capitals_are_ids(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    assert api.get(f"/chat/chatrooms/{str(room.id).upper()}/", user=accountant).status_code == 200
