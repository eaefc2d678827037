"""Numbered events, and phones that are cut off and come back."""

from typing import Any
from uuid import UUID, uuid4

from core.accounts.models import User
from core.chat.models import Room
from core.realtime import Users, publish
from core.realtime.events import FileRejected, MessageDeleted
from tests.cast import tokens_of
from tests.realtime.processes import Phone, Realtime


def said(room: Room, number: int) -> MessageDeleted:
    """What joined sockets are told, numbered."""
    return MessageDeleted(message_id=UUID(int=number), room_id=room.id)


def own(number: int) -> FileRejected:
    """What one person is told, numbered."""
    return FileRejected(message_id=UUID(int=number), room_id=uuid4(), reason="")


def numbers(frames: list[dict[str, Any]]) -> list[int]:
    return [UUID(frame["message_id"]).int for frame in frames if "message_id" in frame]


def last_id(phone: Phone, before: str = "") -> str:
    """The last event a phone knows of."""
    known: list[str] = [before, *(frame["event_id"] for frame in phone.frames if "event_id" in frame)]
    return known[-1]


def back(process: Realtime, user: User, last_event_id: str) -> Phone:
    token = tokens_of(user).access
    return Phone(f"ws://127.0.0.1:{process.port}/ws/global/?token={token}&last_event_id={last_event_id}")


def seen_and_gone(process: Realtime, user: User, *rooms: Room) -> str:
    """A phone was connected, joined to rooms, and was cut off: the last event it knows of."""
    with process.client(user) as phone:
        phone.wait("presence_snapshot")
        for room in rooms:
            phone.ask(type="join_room", room_id=str(room.id))
        publish(own(0), to=Users.of(user.id))
        phone.wait("file_rejected")
        return last_id(phone)
