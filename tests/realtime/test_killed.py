"""F5 and E20 at once: a process dies under load, its phones send again what wasn't answered and resume."""

import threading
from collections.abc import Callable
from typing import Any

from core.accounts.models import User
from core.chat.models import Message, Room
from core.notifications.models import Notification
from tests.cast import make_user
from tests.chatting import make_group, work_off
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.resuming import back, last_id
from tests.realtime.test_chat import joined

COUNT = 150


def contents(phone: Phone) -> list[str]:
    return [frame["message"]["content"] for frame in phone.heard("chat_message")]


def talk(phone: Phone, room: Room, names: list[str]) -> None:
    for name in names:
        phone.send(type="send_message", room_id=str(room.id), content=name, client_message_id=name)


def answered(phone: Phone) -> list[str]:
    return [frame["client_message_id"] for frame in phone.frames if frame.get("type") == "message_sent"]


def come_back(phone: Phone, process: Realtime, user: User, room: Room) -> Phone:
    """On another process, with the last event the phone knows of, in its room again."""
    assert phone.close_code() is None
    again = back(process, user, last_id(phone))
    assert again.ask(type="join_room", room_id=str(room.id))["type"] == "room_joined"
    return again


def test_nothing_is_missing_and_nothing_comes_twice(
    realtime: Realtime, start: Callable[..., Realtime]
) -> None:
    karim, lina, badr = make_user("accountant"), make_user("academic"), make_user("academic")
    room = make_group(karim, lina, badr)
    names = {user: [f"{user.user_type}-{n}" for n in range(COUNT)] for user in (karim, badr)}
    doomed = start()
    with (
        joined(doomed.client(karim), room.id) as sender,
        joined(doomed.client(lina), room.id) as listener,
        joined(realtime.client(badr), room.id) as other,
    ):
        threads = [
            threading.Thread(target=talk, args=(phone, room, names[user]))
            for phone, user in ((sender, karim), (other, badr))
        ]
        for thread in threads:
            thread.start()
        listener.wait("chat_message")
        sender.wait("message_sent")
        for thread in threads:
            thread.join()
        doomed.kill()
        with (
            come_back(listener, realtime, lina, room) as her_phone,
            come_back(sender, realtime, karim, room) as his_phone,
        ):
            known = set(answered(sender))
            talk(his_phone, room, [name for name in names[karim] if name not in known])
            work_off("chat")
            stored = list(Message.objects.filter(room=room).order_by("seq").values_list("content", flat=True))
            assert sorted(stored) == sorted(name for each in names.values() for name in each)
            for before, after in ((listener, her_phone), (sender, his_phone)):
                heard = heard_in_all(before, after, len(stored))
                assert heard == stored
                assert after.heard("resync_required") == []
    assert Notification.objects.filter(user=lina).count() == len(stored)


def heard_in_all(before: Phone, after: Phone, count: int) -> list[str]:
    """What two sockets of one phone heard, once it is so much."""
    earlier = [frame["message"]["content"] for frame in before.frames if frame.get("type") == "chat_message"]

    def all_of_it() -> Any:
        heard = [*earlier, *contents(after)]
        return heard if len(heard) >= count else None

    heard: list[str] = eventually(all_of_it, f"{count} messages are heard")
    return heard
