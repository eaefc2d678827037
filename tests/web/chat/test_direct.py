"""Direct rooms and who may message whom: decisions D2, D3, D5 and D20."""

from typing import Any
from uuid import uuid4

import pytest

from core.accounts.models import AccountStatus, User
from core.chat.models import Membership, Room
from core.jobs.models import Job
from tests.cast import Api, make_user
from tests.chatting import make_direct
from tests.parallel import at_once
from tests.web.chat.test_rooms import FORBIDDEN, GROUPS, MINE, NO_ACCESS, ROOM_KEYS, brief

pytestmark = pytest.mark.django_db
DIRECT = "/chat/chatrooms/direct/"
REFUSED = {"error": "You cannot message this user"}


def test_direct_room(api: Api, client_user: User, accountant: User) -> None:
    """D3: always 200, whether it was there or not."""
    answers = [
        api.post(DIRECT, {"target_user_id": str(other.id)}, user=user)
        for user, other in ((client_user, accountant), (client_user, accountant), (accountant, client_user))
    ]
    assert [answer.status_code for answer in answers] == [200] * 3
    room = dict(answers[0].json())
    assert answers[1].json() == answers[2].json() == room
    assert set(room) == ROOM_KEYS
    low, high = sorted((str(client_user.id), str(accountant.id)))
    del room["room_id"], room["created_at"]
    assert room == {
        "creator": brief(client_user),
        "room_name": f"dm_{low}_{high}",
        "description": "Direct message between Amina Client and Karim Accountant",
        "is_private": True,
        "is_dm": True,
        "members_count": 2,
        "message_count": 0,
        "has_unread_messages": False,
    }
    for user in (client_user, accountant):
        (listed,) = api.get(MINE, user=user).json()
        assert listed == answers[0].json()
    assert api.get(GROUPS, user=accountant).json() == []


@pytest.mark.django_db(transaction=True)
def test_d3_twenty_at_once_make_one_room() -> None:
    first, second = make_user("accountant"), make_user("client")
    pairs = [(first, second), (second, first)] * 10
    made = at_once(*[lambda pair=pair: make_direct(*pair).id for pair in pairs])
    assert len(made) == 20
    assert len(set(made)) == 1
    room = Room.objects.get()
    assert room.members_count == Membership.objects.filter(room=room).count() == 2
    assert Job.objects.filter(name="chat.announce_room").count() == 1


def test_d3_nobody_messages_oneself(api: Api, accountant: User) -> None:
    answer = api.post(DIRECT, {"target_user_id": str(accountant.id)}, user=accountant)
    assert answer.status_code == 400
    assert set(answer.json()) == {"target_user_id"}


MAY = {
    "client": {"accountant"},
    "accountant": {"client", "accountant", "academic", "admin"},
    "academic": {"accountant", "academic"},
    "admin": {"client", "accountant", "academic", "admin"},
}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("other", MAY)
def test_d2_the_matrix(api: Api, role: str, other: str) -> None:
    user, target = make_user(role), make_user(other)
    answer = api.post(DIRECT, {"target_user_id": str(target.id)}, user=user)
    listed = api.get("/chat/available_users/", user=user).json()["results"]
    if other in MAY[role]:
        assert answer.status_code == 200
        assert [one["pk"] for one in listed] == [str(target.id)]
    else:
        assert (answer.status_code, answer.json()) == (403, REFUSED)
        assert listed == []


@pytest.mark.parametrize("status", [AccountStatus.INACTIVE, AccountStatus.SUSPENDED])
def test_d20_a_target_who_is_not_active(api: Api, client_user: User, status: str) -> None:
    target = make_user("accountant", status=status)
    answer = api.post(DIRECT, {"target_user_id": str(target.id)}, user=client_user)
    assert (answer.status_code, answer.json()) == (403, REFUSED)


@pytest.mark.parametrize("target", [None, "", "no-uuid", 5, str(uuid4())])
def test_malformed_and_unknown_targets(api: Api, client_user: User, target: Any) -> None:
    answer = api.post(DIRECT, {"target_user_id": target}, user=client_user)
    assert (answer.status_code, set(answer.json())) == (400, {"target_user_id"})
    assert api.post(DIRECT, {}, user=client_user).json() == {"target_user_id": ["This field is required."]}


def test_d5_a_direct_room_is_shown_and_not_changed(
    api: Api, client_user: User, accountant: User, stranger: User
) -> None:
    path = f"/chat/chatrooms/{make_direct(client_user, accountant).id}/"
    assert api.get(path, user=accountant).status_code == 200
    for user in (client_user, accountant):
        for answer in (api.put(path, {"room_name": "x"}, user=user), api.delete(path, user=user)):
            assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert api.get(path, user=stranger).json() == NO_ACCESS
    assert api.delete(path, user=stranger).status_code == 404
