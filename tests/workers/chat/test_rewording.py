"""D15: what was said in a message that is changed or gone isn't said by its notifications either."""

import pytest

from core.accounts.models import User
from core.chat.actions.messages import delete_message, edit_message
from core.chat.models import Room
from core.chat.queries import unread_count as chat_unread
from core.notifications.models import Notification
from core.notifications.queries import unread_count
from tests.cast import make_user
from tests.chatting import make_group, say, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(accountant: User, academic: User) -> Room:
    return make_group(accountant, academic, make_user("academic"))


def texts() -> set[str]:
    return set(Notification.objects.values_list("message", flat=True))


def test_a_deleted_message_is_neither_told_nor_unread(room: Room, accountant: User, academic: User) -> None:
    message = say(room, accountant, "secret")
    work_off()
    assert (chat_unread(academic.id), unread_count(academic.id)) == (1, 1)
    delete_message(actor=accountant, message_id=message.id)
    work_off()
    assert texts() == {"Karim Accountant in Tax Discussion: This message has been deleted"}
    assert not Notification.objects.filter(is_read=False).exists()
    assert (chat_unread(academic.id), unread_count(academic.id)) == (0, 0)


def test_the_others_of_the_room_stay_unread(room: Room, accountant: User, academic: User) -> None:
    say(room, accountant, "first")
    second = say(room, accountant, "second")
    work_off()
    delete_message(actor=accountant, message_id=second.id)
    work_off()
    assert "Karim Accountant in Tax Discussion: first" in texts()
    assert (chat_unread(academic.id), unread_count(academic.id)) == (1, 1)


def test_an_edited_message_is_told_as_it_is(room: Room, accountant: User, academic: User) -> None:
    message = say(room, accountant, "Helo")
    work_off()
    edit_message(actor=accountant, message_id=message.id, content="Hello")
    work_off()
    assert texts() == {"Karim Accountant in Tax Discussion: Hello"}
    assert unread_count(academic.id) == 1
