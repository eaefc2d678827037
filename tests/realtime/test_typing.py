"""E11: typing is seen by the room's other joined sockets, and ends by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from core.chat.actions.rooms import change_room
from realtime.typists import SILENCE
from tests.cast import make_user
from tests.chatting import make_group
from tests.realtime.processes import Phone, Realtime
from tests.realtime.rooms import make_room


def joined(phone: Phone, room_id: object) -> Phone:
    phone.wait("presence_snapshot")
    assert phone.ask(type="join_room", room_id=str(room_id))["type"] == "room_joined"
    return phone


def test_e11_others_see_it_but_not_ones_own_devices(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(full_name="Anna"), make_user()
    room = make_room(anna, badr)
    with (
        realtime.client(anna) as phone,
        other_realtime.client(anna) as tablet,
        other_realtime.client(badr) as other,
    ):
        for device in (phone, tablet, other):
            joined(device, room.id)
        phone.send(type="typing", room_id=str(room.id), is_typing=True)
        heard = other.wait("typing_indicator")
        assert heard.pop("event_id")
        assert heard == {
            "type": "typing_indicator",
            "user": "Anna",
            "user_id": str(anna.id),
            "is_typing": True,
            "room": room.name,
            "room_id": str(room.id),
        }
        phone.send(type="typing", room_id=str(room.id), is_typing=False)
        assert other.wait("typing_indicator")["is_typing"] is False
        assert phone.heard("typing_indicator") == tablet.heard("typing_indicator") == []


@pytest.mark.parametrize("is_here", [True, False])
def test_e11_one_goes_on_typing_while_one_of_ones_devices_does(
    realtime: Realtime, other_realtime: Realtime, is_here: bool
) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    second = realtime if is_here else other_realtime
    with (
        realtime.client(badr) as other,
        realtime.client(anna) as phone,
        second.client(anna) as tablet,
    ):
        for device in (phone, tablet, other):
            joined(device, room.id)
        for device in (phone, tablet):
            device.send(type="typing", room_id=str(room.id), is_typing=True)
            assert other.wait("typing_indicator")["is_typing"] is True
        tablet.ask(type="leave_room", room_id=str(room.id))
        assert [frame["is_typing"] for frame in other.heard("typing_indicator")] == [True, True]
        phone.ask(type="leave_room", room_id=str(room.id))
        other.wait("typing_indicator")
        assert [frame["is_typing"] for frame in other.heard("typing_indicator")] == [True, True, False]


def test_only_in_joined_rooms(realtime: Realtime) -> None:
    anna = make_user()
    room = make_room(anna)
    with realtime.client(anna) as phone:
        phone.wait("presence_snapshot")
        reply = phone.ask(type="typing", room_id=str(room.id), is_typing=True)
        assert reply == {"error": "You must join the room first"}


@pytest.mark.parametrize("fields", [{}, {"is_typing": None}, {"is_typing": ""}, {"is_typing": "yes"}])
def test_is_typing_must_be_a_boolean(realtime: Realtime, fields: dict[str, Any]) -> None:
    anna = make_user()
    room = make_room(anna)
    with realtime.client(anna) as phone:
        reply = joined(phone, room.id).ask(type="typing", room_id=str(room.id), **fields)
        assert reply == {"error": "is_typing must be true or false"}
        assert phone.ask(type="typing", **fields) == {"error": "room_id is required"}


def test_e11_ends_when_the_typist_leaves_or_disconnects(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    with realtime.client(badr) as other:
        joined(other, room.id)
        with realtime.client(anna) as phone:
            joined(phone, room.id).send(type="typing", room_id=str(room.id), is_typing=True)
            assert other.wait("typing_indicator")["is_typing"] is True
            phone.ask(type="leave_room", room_id=str(room.id))
            assert other.wait("typing_indicator")["is_typing"] is False
            joined_again = phone.ask(type="join_room", room_id=str(room.id))
            assert joined_again["type"] == "room_joined"
            phone.send(type="typing", room_id=str(room.id), is_typing=True)
            assert other.wait("typing_indicator")["is_typing"] is True
        ended = other.wait("typing_indicator")
        assert (ended["is_typing"], ended["room"]) == (False, room.name)


def test_e11_ends_when_the_typist_s_process_dies(realtime: Realtime, start: Callable[..., Realtime]) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    doomed = start()
    with realtime.client(badr) as other, doomed.client(anna) as phone:
        joined(other, room.id), joined(phone, room.id)
        phone.send(type="typing", room_id=str(room.id), is_typing=True)
        heard = other.wait("typing_indicator")
        doomed.kill()
        ended = other.wait("typing_indicator")
        assert ended == {**heard, "is_typing": False, "event_id": ended["event_id"]}


def test_the_room_is_named_as_it_is_now(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    with realtime.client(lina) as phone, realtime.client(karim) as other:
        joined(phone, room.id), joined(other, room.id)
        change_room(actor=karim, room_id=room.id, changes={"name": "VAT"})
        phone.send(type="typing", room_id=str(room.id), is_typing=True)
        assert other.wait("typing_indicator")["room"] == "VAT"
        phone.ask(type="leave_room", room_id=str(room.id))
        assert other.wait("typing_indicator")["room"] == "VAT"


def told_at(frame: dict[str, Any]) -> float:
    """When the bus took it, in seconds."""
    return int(frame["event_id"].partition("-")[0]) / 1000


def test_e11_ends_after_seven_seconds_of_silence(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    with realtime.client(anna) as phone, realtime.client(badr) as other:
        joined(phone, room.id), joined(other, room.id)
        phone.send(type="typing", room_id=str(room.id), is_typing=True)
        began = told_at(other.wait("typing_indicator"))
        ended = other.wait("typing_indicator")
        assert ended["is_typing"] is False
        assert told_at(ended) - began >= SILENCE - 0.1


def test_saying_it_ends_typing(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    with (
        joined(realtime.client(anna), room.id) as phone,
        joined(other_realtime.client(badr), room.id) as other,
    ):
        phone.send(type="typing", room_id=str(room.id), is_typing=True)
        assert other.wait("typing_indicator")["is_typing"] is True
        phone.ask(type="send_message", room_id=str(room.id), content="Hello")
        other.wait("chat_message")
        assert [frame["is_typing"] for frame in other.heard("typing_indicator")] == [True, False]
