"""Rooms and messages in the admin: decision F7."""

import pytest
from django.test import Client

from core.accounts.models import User
from core.chat.models import Membership, Message, Room
from core.jobs.models import Job
from tests.chatting import make_direct, make_group, say

pytestmark = pytest.mark.django_db
ROOMS = "/admin/chat/room/"
MESSAGES = "/admin/chat/message/"


@pytest.fixture
def message(accountant: User, academic: User) -> Message:
    return say(make_group(accountant, academic), accountant, "Something bad")


def test_f7_rooms_and_messages_are_listed_found_and_shown(admin: Client, message: Message) -> None:
    for listed, one in ((ROOMS, message.room_id), (MESSAGES, message.id)):
        for query in ("", f"?q={one}", "?q=nobody", "?deleted_at__isempty=1"):
            answer = admin.get(listed + query)
            assert answer.status_code == 200
            assert (str(one) in answer.content.decode()) == ("nobody" not in query)
        assert admin.get(f"{listed}{one}/change/").status_code == 200
        assert admin.get(f"{listed}add/").status_code == 403
        assert admin.post(f"{listed}{one}/delete/").status_code == 403


def test_f7_a_message_is_not_rewritten(admin: Client, message: Message) -> None:
    admin.post(f"{MESSAGES}{message.id}/change/", {"content": "Something else"})
    message.refresh_from_db()
    assert message.content == "Something bad"


def test_f7_a_message_is_taken_down(admin: Client, message: Message) -> None:
    for _ in range(2):
        admin.post(MESSAGES, {"action": "take_down", "_selected_action": [str(message.id)]})
    message.refresh_from_db()
    assert message.content == "This message has been deleted"
    assert Job.objects.filter(name="chat.announce_deletion").count() == 1


def test_f7_a_group_is_closed_and_a_direct_room_is_not(
    admin: Client, message: Message, accountant: User, client_user: User
) -> None:
    direct = make_direct(accountant, client_user)
    chosen = [str(message.room_id), str(direct.id)]
    admin.post(ROOMS, {"action": "close", "_selected_action": chosen})
    assert Room.objects.get(deleted_at=None) == direct
    assert set(Membership.objects.values_list("room_id", flat=True)) == {direct.id}
    assert Job.objects.filter(name="chat.announce_room_deleted").count() == 1


def test_f7_others_stay_outside(message: Message, accountant: User) -> None:
    client = Client()
    client.force_login(accountant)
    for listed in (ROOMS, MESSAGES):
        assert client.get(listed).status_code == 302
