"""Chat over several processes, one of which may die: F5, and the order of histories."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.chat.actions.members import add_member, remove_member
from core.chat.actions.messages import delete_message, edit_message
from core.chat.actions.rooms import delete_room
from core.chat.models import Message, Room
from core.chat.queries import unread_count
from core.notifications.models import Notification
from tests.cast import make_user
from tests.chatting import make_group, say, work_off
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.test_chat import joined, send


def ids_of(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["message"]["message_id"] for frame in frames]


def told(phone: Phone, count: int) -> list[str]:
    """The messages that a phone hears until it has heard so many."""
    eventually(lambda: len(phone.heard("chat_message")) >= count, f"{count} messages are heard")
    return ids_of(phone.heard("chat_message"))


def history(room: Room) -> list[str]:
    return [
        str(one) for one in Message.objects.filter(room=room).order_by("seq").values_list("id", flat=True)
    ]


def test_everyone_sees_the_order_of_the_history(realtime: Realtime, other_realtime: Realtime) -> None:
    people = [make_user("accountant"), *(make_user("academic") for _ in range(3))]
    room = make_group(*people)
    processes = [realtime, other_realtime] * 2
    phones = [joined(process.client(user), room.id) for process, user in zip(processes, people, strict=True)]
    try:

        def talk(phone: Phone) -> None:
            for number in range(25):
                phone.send(type="send_message", room_id=str(room.id), content=str(number))

        threads = [threading.Thread(target=talk, args=(phone,)) for phone in phones]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        heard = [told(phone, 100) for phone in phones]
        # The jobs find everything told, and tell nothing again.
        work_off("chat")
        assert len(set(history(room))) == 100
        for phone, order in zip(phones, heard, strict=True):
            assert order == history(room)
            assert ids_of(phone.heard("chat_message")) == order
            assert len(phone.heard("room_list_update")) == 100
            assert len(phone.heard("message_sent")) == 25
    finally:
        for phone in phones:
            phone.__exit__()


def test_f5_a_process_killed_amid_sends_loses_nothing(
    realtime: Realtime, start: Callable[..., Realtime]
) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    doomed = start()
    with joined(realtime.client(lina), room.id) as listener, doomed.client(karim) as phone:
        joined(phone, room.id)
        for number in range(200):
            phone.send(type="send_message", room_id=str(room.id), content=str(number))
        phone.wait("message_sent")
        doomed.kill()
        assert phone.close_code() is None
        answered = {f["message_id"] for f in phone.frames if f.get("type") == "message_sent"}
        work_off("chat")
        stored = history(room)
        assert answered <= set(stored)
        assert told(listener, len(stored)) == stored
        assert Notification.objects.filter(user=lina).count() == len(stored)
        assert unread_count(lina.id) == len(stored)
        updates = listener.heard("room_list_update")
        assert [one["latest_message"]["message_id"] for one in updates] == stored


def test_f5_a_message_that_was_never_told_comes_with_the_next(realtime: Realtime) -> None:
    """Its process died between the commit and the bus: its place is missing, and seen to be."""
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    with realtime.client(karim) as phone:
        joined(phone, room.id)
        send(phone, room.id, "told")
        phone.wait("chat_message")
        say(room, lina, "never told")
        send(phone, room.id, "told again")
        assert told(phone, 3) == history(room)


def test_d11_edits_and_deletions_are_seen_in_the_room(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    message = say(room, karim)
    with realtime.client(lina) as there, realtime.client(lina) as elsewhere:
        joined(there, room.id), elsewhere.wait("presence_snapshot")
        edit_message(actor=karim, message_id=message.id, content="Changed")
        work_off()
        edited = there.wait("message_edited")
        assert (edited["message_id"], edited["content"]) == (str(message.id), "Changed")
        delete_message(actor=karim, message_id=message.id)
        work_off()
        assert there.wait("message_deleted")["message_id"] == str(message.id)
        assert elsewhere.wait(lambda f: f.get("type") == "unread_update" and not f["chat_unread"])
        assert elsewhere.heard("message_edited") == elsewhere.heard("message_deleted") == []


def test_e14_members_come_and_go(realtime: Realtime, other_realtime: Realtime) -> None:
    karim, lina, third = make_user("accountant"), make_user("academic"), make_user("academic")
    room = make_group(karim, third)
    work_off()
    with (
        realtime.client(karim) as creator,
        other_realtime.client(lina) as phone,
        realtime.client(third) as other,
    ):
        for device in (creator, phone, other):
            device.wait("presence_snapshot")
        add_member(actor=karim, room_id=room.id, user_id=lina.id)
        work_off()
        for device in (creator, phone, other):
            assert device.wait("member_added")["user_id"] == str(lina.id)
        assert phone.ask(type="join_room", room_id=str(room.id))["type"] == "room_joined"
        remove_member(actor=karim, room_id=room.id, user_id=lina.id)
        work_off()
        for device in (creator, phone, other):
            assert device.wait("member_removed")["user_id"] == str(lina.id)
            assert len(device.heard("member_removed")) == 1
        say(room, karim)
        work_off()
        other.wait("room_list_update")
        assert phone.heard("chat_message") == phone.heard("room_list_update") == []
        delete_room(actor=karim, room_id=room.id)
        work_off()
        for device in (creator, other):
            assert device.wait("room_deleted")["room_id"] == str(room.id)
        assert phone.heard("room_deleted") == []
        refused = creator.ask(type="join_room", room_id=str(room.id))
        assert refused == {"error": "Room not found"}


@pytest.mark.parametrize("left", [True, False])
def test_d8_leaving_a_room_keeps_the_membership(realtime: Realtime, left: bool) -> None:
    karim = make_user("accountant")
    room = make_group(karim)
    with realtime.client(karim) as phone:
        joined(phone, room.id)
        if left:
            phone.ask(type="leave_room", room_id=str(room.id))
            assert send(phone, room.id) == {"error": "You must join the room first"}
            phone.ask(type="join_room", room_id=str(room.id))
        assert send(phone, room.id)["status"] == "delivered"


def test_d17_one_in_the_room_is_notified_too(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    with realtime.client(lina) as phone:
        joined(phone, room.id)
        say(room, karim)
        work_off()
        assert phone.wait("new_notification")["related_object_id"] == str(room.id)
        counted = phone.wait(lambda f: f.get("type") == "unread_update" and f["chat_unread"] == 1)
        assert counted["notifications_unread"] == 1
