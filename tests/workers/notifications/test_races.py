"""E17 in the very instant: reading, removing and deleting while workers tell people.

Whatever comes first, what was said in a room that one has read, or left, isn't unread.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from core.accounts.models import User
from core.chat.actions.announce import announce_message
from core.chat.actions.members import remove_member
from core.chat.actions.reading import mark_read
from core.chat.actions.rooms import delete_room
from core.chat.models import Message, Room
from core.notifications.models import Notification, UnreadCounter
from core.notifications.queries import unread_count
from tests.chatting import make_group, say, work_off
from tests.parallel import at_once
from tests.workers.notifications.begun import begun

pytestmark = pytest.mark.django_db(transaction=True)


def read(academic: User, room: Room) -> None:
    mark_read(actor=academic, room_id=room.id)


def leave(academic: User, room: Room) -> None:
    remove_member(actor=room.creator, room_id=room.id, user_id=academic.id)


def close(_: User, room: Room) -> None:
    delete_room(actor=room.creator, room_id=room.id)


@pytest.fixture
def room(accountant: User, academic: User) -> Room:
    return make_group(accountant, academic)


@pytest.fixture(params=[False, True], ids=["first news", "counted before"])
def message(request: pytest.FixtureRequest, room: Room, accountant: User, academic: User) -> Message:
    """A message nobody was told of yet; its reader may have had no notification ever."""
    if request.param:
        UnreadCounter.objects.create(user=academic)
    return say(room, accountant)


def announce(message: Message) -> None:
    with transaction.atomic():
        announce_message(message_id=message.id)


def require_nothing_unread(user: User) -> None:
    work_off("chat", "unread")
    assert not Notification.objects.filter(user=user, is_read=False).exists()
    assert unread_count(user.id) == 0


@pytest.mark.parametrize("step", [read, leave, close])
def test_e17_told_but_not_committed_when_the_step_is_taken(
    step: Callable[[User, Room], None], message: Message, academic: User
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            announce_message(message_id=message.id)
            stepping = begun(pool, lambda: step(academic, message.room))
        stepping.result()
    require_nothing_unread(academic)


@pytest.mark.parametrize("step", [read, leave, close])
def test_e17_the_step_taken_but_not_committed_when_it_is_told(
    step: Callable[[User, Room], None], message: Message, academic: User
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            step(academic, message.room)
            telling = begun(pool, lambda: announce(message))
        telling.result()
    require_nothing_unread(academic)


def test_e17_reading_under_a_stream_of_messages(room: Room, accountant: User, academic: User) -> None:
    messages = [say(room, accountant, str(number)) for number in range(30)]

    def tell(part: int) -> None:
        for message in messages[part::3]:
            announce(message)

    def read_on() -> None:
        for _ in range(15):
            read(academic, room)

    at_once(*(lambda part=part: tell(part) for part in range(3)), read_on)
    require_nothing_unread(academic)


@pytest.mark.parametrize("step", [leave, close])
def test_what_was_told_of_a_room_one_is_no_longer_in_counts_as_read(
    step: Callable[[User, Room], None], room: Room, accountant: User, academic: User
) -> None:
    other = make_group(accountant, academic)
    for place in (room, other):
        say(place, accountant)
    work_off("chat", "unread")
    assert unread_count(academic.id) == 2
    step(academic, room)
    work_off("chat", "unread")
    unread = Notification.objects.filter(user=academic, is_read=False)
    assert [each.related_object_id for each in unread] == [other.id]
    assert unread_count(academic.id) == 1
    assert Notification.objects.filter(user=academic).count() == 2
