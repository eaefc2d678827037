"""Who may send which frame: every frame about a room, from everyone, about a room that exists.

The stranger of each role tries to join first; the removed one was taken out while in the room.
"""

from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from core.accounts.models import AccountStatus, User
from core.chat.actions.members import remove_member
from core.chat.models import Room
from realtime.frames import CLIENT_FRAMES
from tests.cast import make_user, tokens_of
from tests.chatting import make_group, work_off
from tests.realtime.processes import Phone, Realtime

TABLE = """
              anonymous unverified suspended  client    accountant academic  admin     removed  member creator
join_room     4001      4001       4001       foreign   foreign    foreign   foreign   foreign  ok     ok
send_message  4001      4001       4001       outside   outside    outside   outside   barred   ok     ok
typing        4001      4001       4001       outside   outside    outside   outside   barred   ok     ok
leave_room    4001      4001       4001       absent    absent     absent    absent    absent   ok     ok
"""
WORDS = {
    "Not authorized to join this room": "foreign",
    "You must join the room first": "outside",
    "Unauthorized to send messages.": "barred",
    "You are not in this room": "absent",
    "room_joined": "ok",
    "message_sent": "ok",
    "room_left": "ok",
    "room_id is required": "ok",
}
FRAMES: dict[str, dict[str, Any]] = {
    "join_room": {},
    "send_message": {"content": "Hello everyone!"},
    "typing": {"is_typing": True},
    "leave_room": {},
}
SHUT_OUT = ("anonymous", "unverified", "suspended")
HEADER, *LINES = [line.split() for line in TABLE.strip().splitlines()]
ROWS = {frame: dict(zip(HEADER, said, strict=True)) for frame, *said in LINES}


class Group:
    """Karim's group, with Lina in it."""

    def __init__(self) -> None:
        self.karim, self.lina = make_user("accountant"), make_user("academic")
        self.room: Room = make_group(self.karim, self.lina)

    def account_of(self, who: str) -> User:
        match who:
            case "creator":
                return self.karim
            case "member" | "removed":
                return self.lina
            case "unverified":
                return make_user("academic", status=AccountStatus.INACTIVE)
            case "suspended":
                return make_user("academic", status=AccountStatus.SUSPENDED)
        return make_user(who)

    def take_out_lina(self, phone: Phone) -> None:
        remove_member(actor=self.karim, room_id=self.room.id, user_id=self.lina.id)
        work_off()
        phone.wait("member_removed")


def answer_to(phone: Phone, group: Group, frame: str) -> str:
    """What a frame about the room is answered with; behind good typing the next frame's error comes."""
    about = {"room_id": str(group.room.id)}
    phone.send(type=frame, **about, **FRAMES[frame])
    if frame == "typing":
        phone.send(type="join_room", room_id="")
    reply = phone.wait(lambda got: "event_id" not in got)
    said = str(reply.get("error") or reply["type"])
    return WORDS.get(said, said)


def found(realtime: Realtime, group: Group, frame: str, who: str) -> str:
    token = "" if who == "anonymous" else tokens_of(group.account_of(who)).access
    with realtime.client(token=token) as phone:
        if who in SHUT_OUT:
            with suppress(ConnectionClosed):
                phone.send(type=frame, room_id=str(group.room.id), **FRAMES[frame])
            return str(phone.close_code())
        phone.wait("presence_snapshot")
        phone.ask(type="join_room", room_id=str(group.room.id))
        if who == "removed":
            group.take_out_lina(phone)
        return answer_to(phone, group, frame)


def test_the_table_has_every_frame_about_a_room() -> None:
    assert set(ROWS) == set(FRAMES)
    assert set(FRAMES) == {kind for kind, model in CLIENT_FRAMES.items() if "room_id" in model.model_fields}


@pytest.mark.parametrize("frame", ROWS)
def test_who_may(realtime: Realtime, frame: str) -> None:
    answers = {who: found(realtime, Group(), frame, who) for who in HEADER}
    assert answers == ROWS[frame]
