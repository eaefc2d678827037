"""Messages under fire: places without gaps, in the order of commits, counted exactly."""

import random
import time
from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.chat.actions.members import add_member, remove_member
from core.chat.actions.messages import delete_message
from core.chat.actions.reading import mark_read
from core.chat.actions.rooms import delete_room
from core.chat.actions.send import Sent, send_message
from core.chat.actions.upkeep import check_counts
from core.chat.errors import BlankContent, MessageNotFound, NotAMember
from core.chat.models import Membership, Message, Room
from core.chat.queries import unread_count
from core.errors import DomainError, Invalid, NotFound
from core.jobs.models import Job
from tests.cast import make_user
from tests.chatting import make_group, say
from tests.parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(accountant: User, academic: User) -> Room:
    return make_group(accountant, academic)


def send(room: Room, user: User, content: str = "x", name: str | None = None) -> Sent:
    return send_message(sender_id=user.id, room_id=room.id, content=content, client_message_id=name)


def test_a_message_takes_two_statements(room: Room, accountant: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        send(room, accountant)
    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "WITH", "INSERT", "COMMIT"]


def test_what_is_not_stored_leaves_no_job(room: Room, accountant: User, stranger: User) -> None:
    send(room, accountant, name="once")
    jobs = Job.objects.count()
    assert send(room, accountant, name="once").post is None
    with pytest.raises(NotAMember):
        send(room, stranger)
    assert Job.objects.count() == jobs


def test_parallel_senders_take_consecutive_places(room: Room, accountant: User, academic: User) -> None:
    def talk(user: User) -> list[UUID]:
        return [send(room, user).message_id for _ in range(10)]

    told = at_once(*[lambda user=user: talk(user) for user in (accountant, academic) * 4])
    history = list(Message.objects.order_by("seq"))
    assert [message.seq for message in history] == list(range(1, 81))
    assert all(earlier.sent_at <= later.sent_at for earlier, later in pairwise(history))
    places = {message.id: message.seq for message in history}
    for ids in told:
        assert [places[one] for one in ids] == sorted(places[one] for one in ids)
    room.refresh_from_db()
    assert (room.last_seq, room.last_message_at) == (80, history[-1].sent_at)
    assert unread_count(accountant.id) == unread_count(academic.id) == 40
    assert Job.objects.filter(name="chat.announce_message").count() == 80


def test_d23_at_once_one_is_stored(room: Room, accountant: User, academic: User) -> None:
    sent = at_once(*[lambda: send(room, accountant, name="once")] * 8)
    assert len({one.message_id for one in sent}) == 1
    assert sum(one.post is not None for one in sent) == 1
    assert Message.objects.count() == 1
    room.refresh_from_db()
    assert room.last_seq == 1
    assert unread_count(academic.id) == 1
    assert Job.objects.filter(name="chat.announce_message").count() == 1
    elsewhere = make_group(accountant)
    assert send(elsewhere, accountant, name="once").post is not None


def test_d6_nobody_sends_after_a_removal(room: Room, accountant: User, academic: User) -> None:
    """Whoever wins: a message of theirs is never behind the removal."""

    def talk() -> int:
        for number in range(10_000):
            try:
                send(room, academic)
            except NotAMember:
                return number
        raise AssertionError("the removal had no effect")

    def remove() -> int:
        while Message.objects.count() < 5:
            time.sleep(0.001)
        remove_member(actor=accountant, room_id=room.id, user_id=academic.id)
        return Message.objects.count()

    sent, at_removal = at_once(talk, remove)
    assert Message.objects.count() == sent == at_removal
    room.refresh_from_db()
    assert room.last_seq == sent
    assert unread_count(academic.id) == 0


def test_a_storm_of_everything_keeps_every_count(room: Room, accountant: User, academic: User) -> None:
    """Adding, removing, sending, deleting and reading at once: nothing drifts, nothing deadlocks."""
    people = [academic, *(make_user("academic") for _ in range(3))]

    def act(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(25):
            user = dice.choice([accountant, *people])
            steps: list[Callable[[], object]] = [
                lambda user=user: send(room, user),  # type: ignore[misc]
                lambda user=user: mark_read(actor=user, room_id=room.id),  # type: ignore[misc]
                lambda user=user: add_member(actor=accountant, room_id=room.id, user_id=user.id),  # type: ignore[misc]
                lambda user=user: remove_member(actor=accountant, room_id=room.id, user_id=user.id),  # type: ignore[misc]
                lambda user=user: delete_message(actor=user, message_id=some_message(dice)),  # type: ignore[misc]
            ]
            try:
                dice.choices(steps, weights=[5, 3, 2, 1, 2])[0]()
            except DomainError:
                continue

    def some_message(dice: random.Random) -> UUID:
        ids = list(Message.objects.filter(deleted_at=None).values_list("id", flat=True))
        if not ids:
            raise MessageNotFound
        return dice.choice(ids)

    at_once(*[lambda seed=seed: act(seed) for seed in range(6)])
    assert check_counts() == 0
    room.refresh_from_db()
    assert room.members_count == Membership.objects.filter(room=room).count()
    places = Message.objects.order_by("seq").values_list("seq", flat=True)
    assert list(places) == list(range(1, room.last_seq + 1))
    for user in [accountant, *people]:
        by_hand = sum(
            Message.objects.filter(room=room, seq__gt=mine.read_seq, deleted_at=None)
            .exclude(sender=user)
            .count()
            for mine in Membership.objects.filter(user=user)
        )
        assert unread_count(user.id) == by_hand


def test_one_s_own_message_is_never_unread(room: Room, academic: User) -> None:
    """Even one that commits while the room is being read."""

    def talk() -> None:
        for _ in range(40):
            send(room, academic)

    def read() -> None:
        for _ in range(40):
            mark_read(actor=academic, room_id=room.id)

    at_once(talk, read, read)
    assert unread_count(academic.id) == 0
    mark_read(actor=academic, room_id=room.id)
    assert unread_count(academic.id) == 0


def test_rooms_that_take_no_message(room: Room, accountant: User, stranger: User) -> None:
    with pytest.raises(NotAMember):
        send(room, stranger)
    delete_room(actor=accountant, room_id=room.id)
    with pytest.raises(NotFound):
        send(room, accountant)
    assert not Message.objects.exists()
    assert not Job.objects.filter(name="chat.announce_message").exists()


@pytest.mark.parametrize("content", ["", " \n", "a\x00", "x" * 10_001])
def test_d21_what_no_message_says(room: Room, accountant: User, content: str) -> None:
    with pytest.raises(BlankContent if not content.strip() else Invalid) as refused:
        send(room, accountant, content)
    assert set(refused.value.fields) == {"content"}


def test_a_crowd_costs_the_sender_nothing(accountant: User) -> None:
    """No statement of a send depends on how many are in the room."""
    room = make_group(accountant)
    crowd = User.objects.bulk_create(
        User(email=f"{number}@example.com", user_type="academic") for number in range(300)
    )
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in crowd)
    with CaptureQueriesContext(connection) as queries:
        say(room, accountant)
    assert len(queries) == 5
    assert unread_count(crowd[7].id) == 1
