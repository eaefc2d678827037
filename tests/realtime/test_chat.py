"""Sending over the socket: decisions D6, D21, D23, E8 to E10, E12 and E13."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from core.chat.actions.members import remove_member
from core.chat.models import Message
from core.jobs.models import Job
from tests.cast import make_user
from tests.chatting import make_direct, make_group, work_off
from tests.realtime.processes import Phone, Realtime, eventually

MESSAGE_KEYS = {
    "message_id", "content", "sender", "sent_at", "edited_at", "is_deleted", "is_edited",
    "message_type", "file", "filename", "thumbnail", "client_message_id",
}  # fmt: skip


def joined(phone: Phone, room_id: UUID) -> Phone:
    phone.wait("presence_snapshot")
    assert phone.ask(type="join_room", room_id=str(room_id))["type"] == "room_joined"
    return phone


def send(phone: Phone, room_id: UUID, content: Any = "Hello everyone!", **more: Any) -> dict[str, Any]:
    return phone.ask(type="send_message", room_id=str(room_id), content=content, **more)


def test_e10_text_reaches_joined_sockets_and_every_members_list(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    karim, lina = make_user("accountant", full_name="Karim"), make_user("academic", full_name="Lina")
    room = make_group(karim, lina, name="General Chat")
    with (
        realtime.client(karim) as phone,
        other_realtime.client(lina) as there,
        realtime.client(lina) as elsewhere,
    ):
        joined(phone, room.id), joined(there, room.id), elsewhere.wait("presence_snapshot")
        sent = send(phone, room.id)
        message = Message.objects.get()
        assert sent == {
            "type": "message_sent",
            "message_id": str(message.id),
            "room_id": str(room.id),
            "status": "delivered",
        }
        event = there.wait("chat_message")
        assert set(event) == {"type", "event_id", "message"}
        body = event["message"]
        assert set(body) == MESSAGE_KEYS | {"room_id"}
        assert body["room_id"] == str(room.id)
        del body["room_id"]
        assert body | {"sent_at": ""} == {
            "message_id": str(message.id),
            "content": "Hello everyone!",
            "sender": {"id": str(karim.id), "full_name": "Karim"},
            "sent_at": "",
            "edited_at": None,
            "is_deleted": False,
            "is_edited": False,
            "message_type": "text",
            "file": None,
            "filename": None,
            "thumbnail": None,
            "client_message_id": None,
        }
        update = {
            "type": "room_list_update",
            "room_id": str(room.id),
            "room_name": "General Chat",
            "is_dm": False,
            "latest_message": body,
        }
        for device, has_unread in ((there, True), (elsewhere, True), (phone, False)):
            heard = device.wait("room_list_update")
            del heard["event_id"]
            assert heard == update | {"has_unread": has_unread}
        assert elsewhere.heard("chat_message") == []
        for device in (phone, there, elsewhere):
            assert len(device.heard("room_list_update")) == 1


def test_e12_the_senders_own_sockets_hear_it_too(realtime: Realtime, other_realtime: Realtime) -> None:
    karim = make_user("accountant")
    room = make_group(karim)
    with realtime.client(karim) as phone, other_realtime.client(karim) as tablet:
        joined(phone, room.id), joined(tablet, room.id)
        sent = send(phone, room.id)
        for device in (phone, tablet):
            assert device.wait("chat_message")["message"]["message_id"] == sent["message_id"]


def test_e13_sent_means_committed(realtime: Realtime) -> None:
    karim = make_user("accountant")
    room = make_group(karim)
    with realtime.client(karim) as phone:
        joined(phone, room.id)
        for number in range(1, 21):
            sent = send(phone, room.id, str(number))
            message = Message.objects.get(id=sent["message_id"])
            assert (message.seq, message.content) == (number, str(number))
            assert Job.objects.filter(params__message_id=str(message.id)).count() == 1


def test_d4_the_two_of_a_direct_room_talk(realtime: Realtime, other_realtime: Realtime) -> None:
    amina, karim = make_user("client"), make_user("accountant")
    with realtime.client(amina) as phone, other_realtime.client(karim) as other:
        other.wait("presence_snapshot")
        room = make_direct(amina, karim)
        joined(phone, room.id)
        send(phone, room.id)
        # The other one's process needn't know of the room for this.
        heard = other.wait("room_list_update")
        assert (heard["room_name"], heard["is_dm"], heard["has_unread"]) == (room.name, True, True)
        assert phone.wait("room_list_update")["has_unread"] is False
        other.ask(type="join_room", room_id=str(room.id))
        send(other, room.id, "Welcome")
        assert phone.wait(lambda f: f.get("message", {}).get("content") == "Welcome")


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"content": "x"},
        {"room_id": str(uuid4())},
        {"room_id": str(uuid4()), "content": ""},
        {"room_id": str(uuid4()), "content": None},
        {"room_id": "", "content": "x"},
        {"room_id": str(uuid4()), "content": 5},
        {"room_id": str(uuid4()), "content": ["x"]},
    ],
)
def test_e8_fields_are_required(realtime: Realtime, frame: dict[str, Any]) -> None:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        assert phone.ask(type="send_message", **frame) == {"error": "room_id and content are required"}


@pytest.mark.parametrize("content", [" ", "\n\t", "\u00a0\u2003"])
def test_e8_white_space_is_no_content(realtime: Realtime, content: str) -> None:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        assert send(phone, uuid4(), content) == {"error": "Message content is missing"}


def test_e9_fields_then_joined_then_membership(realtime: Realtime) -> None:
    karim, stranger = make_user("accountant"), make_user("academic")
    room = make_group(karim)
    with realtime.client(stranger) as phone:
        phone.wait("presence_snapshot")
        assert send(phone, room.id, "")["error"] == "room_id and content are required"
        assert send(phone, room.id, " ")["error"] == "Message content is missing"
        for room_id in (room.id, uuid4(), "nonsense"):
            answer = phone.ask(type="send_message", room_id=str(room_id), content="x")
            assert answer == {"error": "You must join the room first"}
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("x" * 10_001, "Ensure this field has no more than 10000 characters."),
        ("a\x00b", "Null characters are not allowed."),
        ("x" * 10_000, None),
        ("م" * 10_000, None),
        ("x", None),
    ],
)
def test_d21_content(realtime: Realtime, content: str, error: str | None) -> None:
    karim = make_user("accountant")
    room = make_group(karim)
    with realtime.client(karim) as phone:
        joined(phone, room.id)
        answer = send(phone, room.id, content)
        assert answer.get("error") == error
        assert Message.objects.filter(content=content.replace("\x00", "")).exists() == (error is None)


def test_d6_a_removed_member_leaves_at_once(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    unauthorized = {"error": "Unauthorized to send messages."}
    with realtime.client(lina) as phone:
        joined(phone, room.id)
        remove_member(actor=karim, room_id=room.id, user_id=lina.id)
        # Not told yet: the database is asked each time.
        assert send(phone, room.id) == unauthorized
        assert phone.ask(type="typing", room_id=str(room.id), is_typing=True) == unauthorized
        work_off()
        removed = phone.wait("member_removed")
        assert (removed["user_id"], removed["removed_by"]) == (str(lina.id), str(karim.id))
        eventually(
            lambda: phone.ask(type="leave_room", room_id=str(room.id)).get("error"),
            "the socket has left",
        )
        assert send(phone, room.id) == unauthorized
        assert phone.ask(type="typing", room_id=str(room.id), is_typing=True) == unauthorized
        refused = phone.ask(type="join_room", room_id=str(room.id))
        assert refused == {"error": "Not authorized to join this room"}
    assert not Message.objects.exists()


def test_d23_the_same_client_message_id_is_stored_once(realtime: Realtime, other_realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    with realtime.client(karim) as phone, other_realtime.client(lina) as other:
        joined(phone, room.id), joined(other, room.id)
        first = send(phone, room.id, "once", client_message_id="a-1")
        assert first["client_message_id"] == "a-1"
        assert send(phone, room.id, "twice", client_message_id="a-1") == first
        last = send(phone, room.id, "another", client_message_id="a-2")
        assert send(other, room.id, "hers", client_message_id="a-1")["message_id"] != first["message_id"]
        other.wait(lambda frame: frame.get("message", {}).get("content") == "hers")
        heard = [frame["message"] for frame in other.heard("chat_message")]
        assert [(m["content"], m["client_message_id"]) for m in heard] == [
            ("once", "a-1"),
            ("another", "a-2"),
            ("hers", "a-1"),
        ]
        assert heard[1]["message_id"] == last["message_id"]
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("name", ["", "x" * 65, 5, "a\x00", ["a"]])
def test_d23_a_client_message_id_that_is_none(realtime: Realtime, name: Any) -> None:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        answer = send(phone, uuid4(), "x", client_message_id=name)
        assert answer == {"error": "client_message_id must be a text of 1 to 64 characters"}


def test_e1_room_problems_close_nothing(realtime: Realtime) -> None:
    with realtime.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        for _ in range(3):
            assert "error" in phone.ask(type="join_room", room_id=str(uuid4()))
            assert "error" in send(phone, uuid4())
