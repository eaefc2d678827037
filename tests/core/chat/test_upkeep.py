"""D15: counts are exact whatever happens, and a drift would be found, reported and mended."""

from typing import Any

import orjson
import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.accounts.models import User
from core.chat.actions.erasure import erase_for
from core.chat.actions.members import add_member, remove_member
from core.chat.actions.messages import delete_message, moderate_message
from core.chat.actions.reading import mark_read
from core.chat.actions.upkeep import check_counts, recount
from core.chat.lists import rooms_json
from core.chat.models import Membership, Message, Room
from core.chat.queries import unread_count
from core.errors import DomainError
from core.jobs.models import Job
from tests.cast import make_user
from tests.chatting import make_direct, make_group, say

steps = st.lists(
    st.tuples(
        st.sampled_from(["say", "read", "delete", "moderate", "add", "remove", "erase"]),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 30),
    ),
    max_size=30,
)


class AnythingMayHappen(TestCase):
    """Any story of three rooms and four people."""

    @settings(max_examples=60)
    @given(story=steps)
    def test_d15_every_count_agrees(self, story: list[tuple[str, int, int, int]]) -> None:
        maker = make_user("accountant", password=None)
        people = [maker, *(make_user("academic", password=None) for _ in range(3))]
        rooms = [make_group(maker, *people[1:3]), make_group(maker), make_direct(maker, people[1])]
        for verb, person, room, number in story:
            try:
                act(verb, maker, people[person], rooms[room], number)
            except DomainError:
                continue
            for user in people:
                assert_counts_agree(user)
        assert check_counts() == 0


def act(verb: str, maker: User, user: User, room: Room, number: int) -> None:
    said = list(Message.objects.filter(room=room).order_by("seq"))
    chosen = said[number % len(said)].id if said else room.id
    match verb:
        case "say":
            say(room, user)
        case "read":
            mark_read(actor=user, room_id=room.id)
        case "delete":
            delete_message(actor=user, message_id=chosen)
        case "moderate":
            moderate_message(message_id=chosen)
        case "add":
            add_member(actor=maker, room_id=room.id, user_id=user.id)
        case "remove":
            remove_member(actor=maker, room_id=room.id, user_id=user.id)
        case "erase":
            erase_for(user_id=user.id)


def assert_counts_agree(user: User) -> None:
    """The count over all rooms, the badge of each, and what D15 says, word for word."""
    by_hand = {
        str(mine.room_id): Message.objects.filter(
            room_id=mine.room_id, seq__gt=max(mine.read_seq, mine.joined_seq), deleted_at=None
        )
        .exclude(sender=user)
        .count()
        for mine in Membership.objects.filter(user=user)
    }
    assert unread_count(user.id) == sum(by_hand.values())
    shown = badges(user)
    assert shown == {room_id: count > 0 for room_id, count in by_hand.items()}
    for mine in Membership.objects.filter(user=user).select_related("room"):
        assert mine.room.members_count == mine.room.memberships.count()


def badges(user: User) -> dict[str, bool]:

    return {
        room["room_id"]: room["has_unread_messages"]
        for is_dm in (False, True)
        for room in orjson.loads(rooms_json(user, is_dm=is_dm))
    }


@pytest.fixture
def drifted(db: None) -> Membership:
    """A count that no action would make."""
    room = make_group(make_user("accountant"), make_user("academic"))
    say(room, room.creator), say(room, room.creator)
    wrong = Membership.objects.latest("id")
    Membership.objects.filter(id=wrong.id).update(own_count=F("own_count") + 1)
    return wrong


def test_a_drift_is_reported_and_mended(drifted: Membership, caplog: Any) -> None:
    assert check_counts() == 1
    (record,) = caplog.records
    assert (record.levelname, str(drifted.id) in record.getMessage()) == ("ERROR", True)
    job = Job.objects.get(name="chat.recount")
    assert job.params == {"membership_id": drifted.id}
    for _ in range(2):
        recount(membership_id=drifted.id)
        assert unread_count(drifted.user_id) == 2
    assert check_counts() == 0
    assert Job.objects.filter(name="unread.push_counts").count() == 1


@pytest.mark.django_db
def test_nothing_to_check_is_in_order() -> None:
    assert check_counts() == 0
    recount(membership_id=1)
