"""Who is in rooms and whom one may message: decisions D7, D19 and D22."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import AccountStatus, User
from core.chat.models import Membership, Room
from core.chat.queries import unread_count
from core.jobs.models import Job
from tests.cast import Api, make_user, tokens_of
from tests.chatting import make_direct, make_group, say

pytestmark = pytest.mark.django_db
AVAILABLE = "/chat/available_users/"
U6 = {"pk", "email", "full_name", "user_type", "is_email_verified", "account_status"}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NO_ACCESS = {"detail": "You do not have permission to access this room."}
NOT_FOUND = {"detail": "Not found."}


def add(api: Api, room: Any, user: Any, by: User) -> Any:
    path = f"/chat/chatrooms/group/{getattr(room, 'id', room)}/add_member/"
    return api.post(path, {"user_id": str(getattr(user, "id", user))}, user=by)


def remove(api: Api, room: Any, user: Any, by: User) -> Any:
    ids = [getattr(one, "id", one) for one in (room, user)]
    return api.delete(f"/chat/chatrooms/group/{ids[0]}/remove_member/{ids[1]}/", user=by)


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [one["full_name"] for one in answer.json()["results"]]


def test_add_member(api: Api, accountant: User, academic: User) -> None:
    room = make_group(accountant)
    say(room, accountant)
    answer = add(api, room, academic, accountant)
    assert (answer.status_code, answer.content) == (200, b'"User added successfully"')
    assert answer["Content-Type"].startswith("application/json")
    room.refresh_from_db()
    assert room.members_count == 2
    # What was said before is history to them, and not unread.
    assert unread_count(academic.id) == 0
    history = api.get(f"/chat/chatrooms/{room.id}/messages/", user=academic).json()
    assert history["count"] == 1
    params = {"room_id": str(room.id), "user_id": str(academic.id), "by_id": str(accountant.id)}
    assert Job.objects.filter(name="chat.announce_member_added", params=params).count() == 1


def test_d7_a_client_is_not_added(api: Api, accountant: User, client_user: User) -> None:
    answer = add(api, make_group(accountant), client_user, accountant)
    assert (answer.status_code, answer.json()) == (
        400,
        {"detail": "You cannot add a client to this room."},
    )


@pytest.mark.parametrize("role", ["accountant", "academic", "admin"])
def test_the_others_are(api: Api, accountant: User, role: str) -> None:
    assert add(api, make_group(accountant), make_user(role), accountant).status_code == 200


def test_d22_adding_someone_already_in(api: Api, accountant: User, academic: User) -> None:
    answer = add(api, make_group(accountant, academic), academic, accountant)
    assert (answer.status_code, answer.json()) == (
        400,
        {"detail": "User is already a member of this room."},
    )


@pytest.mark.parametrize("status", [AccountStatus.INACTIVE, AccountStatus.SUSPENDED])
def test_inactive_accounts_are_not_added(api: Api, accountant: User, status: str) -> None:
    answer = add(api, make_group(accountant), make_user("academic", status=status), accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"detail"})


@pytest.mark.parametrize("user_id", ["", "no-uuid", str(uuid4())])
def test_unknown_and_malformed_users(api: Api, accountant: User, user_id: str) -> None:
    answer = add(api, make_group(accountant), user_id, accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"user_id"})


def test_only_the_creator_adds_and_removes(api: Api, accountant: User, academic: User) -> None:
    room, other = make_group(accountant, academic), make_user("academic")
    for answer in (add(api, room, other, academic), remove(api, room, academic, academic)):
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    for answer in (add(api, room, other, other), remove(api, room, academic, other)):
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    room.refresh_from_db()
    assert room.members_count == 2


def test_a_direct_room_has_its_two(api: Api, accountant: User, academic: User) -> None:
    room = make_direct(accountant, academic)
    for answer in (
        add(api, room, make_user("academic"), accountant),
        remove(api, room, academic, accountant),
    ):
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


@pytest.mark.parametrize("is_private", [True, False])
def test_d7_remove_member(api: Api, accountant: User, academic: User, is_private: bool) -> None:
    room = make_group(accountant, academic)
    Room.objects.filter(id=room.id).update(is_private=is_private)
    say(room, accountant)
    answer = remove(api, room, academic, accountant)
    assert answer.status_code == 200
    assert answer.json() == {
        "room_id": str(room.id),
        "room_name": "Tax Discussion",
        "members_count": 1,
        "message_count": 1,
    }
    assert unread_count(academic.id) == 0
    assert api.get(f"/chat/chatrooms/{room.id}/", user=academic).json() == NO_ACCESS
    jobs = Job.objects.values_list("name", flat=True)
    assert {"chat.announce_member_removed", "chat.forget_room"} <= set(jobs)
    again = remove(api, room, academic, accountant)
    assert (again.status_code, again.json()) == (404, NOT_FOUND)


def test_d7_the_creator_stays(api: Api, accountant: User) -> None:
    room = make_group(accountant)
    answer = remove(api, room, accountant, accountant)
    assert (answer.status_code, set(answer.json())) == (400, {"detail"})
    assert Membership.objects.filter(room=room).count() == 1


@pytest.mark.parametrize("room", [uuid4(), "no-uuid"])
def test_f2_rooms_that_are_not_there(api: Api, accountant: User, academic: User, room: Any) -> None:
    answers = [
        add(api, room, academic, accountant),
        remove(api, room, academic, accountant),
        api.get(f"/chat/chatrooms/{room}/members/", user=accountant),
        api.get(f"/chat/rooms/{room}/members/count/", user=accountant),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_members_are_listed_by_name(api: Api, accountant: User, academic: User, stranger: User) -> None:
    room = make_group(accountant, academic)
    path = f"/chat/chatrooms/{room.id}/members/"
    page = api.get(path, user=academic).json()
    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    assert [set(one) for one in page["results"]] == [U6, U6]
    assert page["results"][0] == {
        "pk": str(accountant.id),
        "email": accountant.email,
        "full_name": "Karim Accountant",
        "user_type": "accountant",
        "is_email_verified": True,
        "account_status": "active",
    }
    assert names(api.get(f"{path}?search=lina", user=accountant)) == ["Lina Academic"]
    assert api.get(f"/chat/rooms/{room.id}/members/count/", user=academic).json() == {"members_count": 2}
    for where in (path, f"/chat/rooms/{room.id}/members/count/"):
        answer = api.get(where, user=stranger)
        assert (answer.status_code, answer.json()) == (403, NO_ACCESS)


def test_d19_available_users(api: Api, client_user: User) -> None:
    for name in ("Zaki", "Amel", "Mourad"):
        make_user("accountant", full_name=name)
    make_user("accountant", full_name="Inactive", status=AccountStatus.INACTIVE)
    make_user("accountant", full_name="Suspended", status=AccountStatus.SUSPENDED)
    make_user("accountant", full_name="Unverified", is_email_verified=False)
    answer = api.get(AVAILABLE, user=client_user)
    assert names(answer) == ["Amel", "Mourad", "Zaki"]
    assert {frozenset(one) for one in answer.json()["results"]} == {frozenset(U6)}


def test_available_users_come_in_pages(api: Api, client_user: User) -> None:
    for number in range(45):
        make_user("accountant", full_name=f"Accountant {number:02}")
    read: list[str] = []
    page: dict[str, Any] = {"next": f"{AVAILABLE}?search=accountant"}
    token = tokens_of(client_user).access
    while page["next"]:
        with CaptureQueriesContext(connection) as queries:
            page = api.get(page["next"], token=token).json()
        assert len(queries) <= 3
        assert page["count"] == 45
        read += [one["full_name"] for one in page["results"]]
        assert "search=accountant" in (page["next"] or page["previous"])
    assert read == [f"Accountant {number:02}" for number in range(45)]
    answer = api.get(f"{AVAILABLE}?page=4", user=client_user)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("helene", True),
        ("HÉLÈNE", True),
        ("hel ben", True),
        ("compta@cabinet.dz", True),
        ("CABINET", True),
        ("محمد", False),
        ("helene nobody", False),
        ("", True),
        ("%", False),
        ("\\", False),
        ("@ _", False),
        ("helene %", True),
    ],
)
def test_b25_people_are_found(api: Api, client_user: User, search: str, found: bool) -> None:
    make_user("accountant", full_name="Hélène Benali", email="compta@cabinet.dz")
    answer = api.request("GET", f"{AVAILABLE}?search={search}".replace("%", "%25"), user=client_user)
    assert names(answer) == (["Hélène Benali"] if found else [])


def test_b25_arabic_names_are_found(api: Api, client_user: User) -> None:
    make_user("accountant", full_name="مُحمّد أمين")
    for search in ("محمد", "امين", "مُحَمَّد"):
        assert names(api.get(f"{AVAILABLE}?search={search}", user=client_user)) == ["مُحمّد أمين"]


@pytest.mark.parametrize("query", ["search=%00", f"search={'x' * 501}"])
def test_malformed_search(api: Api, client_user: User, query: str) -> None:
    answer = api.get(f"{AVAILABLE}?{query}", user=client_user)
    assert (answer.status_code, set(answer.json())) == (400, {"search"})
