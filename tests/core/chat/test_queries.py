"""Rooms of people, and unread counts that are exact whatever happened."""

import random
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.accounts.models import User
from core.chat.access import access_room
from core.chat.errors import NotAMember
from core.chat.models import Membership, Message, Room
from core.chat.queries import rooms_of, unread_count, unread_in_room
from core.errors import NotFound
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def make_room(*members: User) -> Room:
    room = Room.objects.create(name="Tax", creator=members[0])
    Membership.objects.bulk_create([Membership(room=room, user=user) for user in members])
    return room


def post(room: Room, sender: User) -> Message:
    """A message as sending writes it."""
    Room.objects.filter(id=room.id).update(last_seq=F("last_seq") + 1)
    room.refresh_from_db()
    Membership.objects.filter(room=room, user=sender).update(own_count=F("own_count") + 1)
    return Message.objects.create(room=room, seq=room.last_seq, sender=sender, content="x")


def read(room: Room, user: User) -> None:
    room.refresh_from_db()
    Membership.objects.filter(room=room, user=user).update(read_seq=room.last_seq, own_count=0)


def counted_by_hand(user: User) -> int:
    """D15 as it is written: not mine, not deleted, later than what was read."""
    return sum(
        Message.objects.filter(room_id=membership.room_id, seq__gt=membership.read_seq, deleted_at=None)
        .exclude(sender=user)
        .count()
        for membership in Membership.objects.filter(user=user)
    )


def test_rooms_of_several_people() -> None:
    anna, badr, nobody = make_user(), make_user(), make_user()
    shared, own = make_room(anna, badr), make_room(badr)
    assert rooms_of(anna.id, badr.id, nobody.id) == {
        anna.id: {shared.id},
        badr.id: {shared.id, own.id},
        nobody.id: set(),
    }


def test_room_is_for_its_members() -> None:
    anna, stranger = make_user(), make_user()
    room = make_room(anna)
    assert access_room(anna.id, room.id) == room
    with pytest.raises(NotAMember):
        access_room(stranger.id, room.id)
    with pytest.raises(NotFound):
        access_room(anna.id, uuid4())
    Room.objects.filter(id=room.id).update(deleted_at=timezone.now())
    with pytest.raises(NotFound):
        access_room(anna.id, room.id)


def test_unread_is_exact_after_anything(django_assert_num_queries: Any) -> None:
    people = [make_user() for _ in range(3)]
    rooms = [make_room(*people), make_room(people[0], people[1])]
    dice = random.Random(7)
    for _ in range(200):
        room = dice.choice(rooms)
        person = dice.choice(people[: room.memberships.count()])
        match dice.randrange(4):
            case 0 | 1:
                post(room, person)
            case 2:
                read(room, person)
            case 3 if messages := list(Message.objects.filter(room=room, deleted_at=None)):
                Message.objects.filter(id=dice.choice(messages).id).update(deleted_at=timezone.now())
        assert [unread_count(user.id) for user in people] == [counted_by_hand(user) for user in people]
    with django_assert_num_queries(1):
        unread_count(people[0].id)


def test_unread_of_each_room() -> None:
    anna, badr = make_user(), make_user()
    room, quiet = make_room(anna, badr), make_room(anna, badr)
    post(room, badr), post(room, badr), post(quiet, anna)
    counts = Membership.objects.filter(user=anna).annotate(unread=unread_in_room())
    assert dict(counts.values_list("room_id", "unread")) == {room.id: 2, quiet.id: 0}


def test_nobody_has_read_nothing() -> None:
    assert unread_count(make_user().id) == 0


def test_a_pair_has_one_direct_room() -> None:
    anna, badr = make_user(), make_user()
    key = "_".join(sorted([str(anna.id), str(badr.id)]))
    Room.objects.create(name="a", creator=anna, is_dm=True, dm_key=key)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(name="b", creator=badr, is_dm=True, dm_key=key)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(name="c", creator=badr, is_dm=True)


def test_a_message_is_stored_once_for_its_client_id() -> None:
    anna = make_user()
    room = make_room(anna)
    fields = {"room": room, "sender": anna, "content": "x"}
    Message.objects.create(seq=1, client_message_id="1", **fields)
    Message.objects.create(seq=2, **fields)
    Message.objects.create(seq=3, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(seq=4, client_message_id="1", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(seq=3, client_message_id="2", **fields)
