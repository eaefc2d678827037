"""E20: who comes back is told what it missed, in order and once."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID, uuid4

from redis import Redis

from core.accounts.models import User
from core.chat.actions.rooms import delete_room
from core.chat.models import Membership, Room
from core.realtime import Joined, Members, Users, may_hear, publish, publish_each, scripts
from core.realtime.envelope import Envelope
from core.realtime.events import Event, MemberAdded, MemberRemoved, UnreadCounted
from core.realtime.presence import Person
from realtime.registry import Registry, Socket
from tests.cast import make_user
from tests.chatting import make_group, work_off
from tests.realtime.processes import Realtime, eventually
from tests.realtime.resuming import back, last_id, numbers, own, said, seen_and_gone
from tests.realtime.rooms import make_room


def test_e20_what_was_missed_comes_first_and_in_order(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    first, second, foreign = make_room(anna, badr), make_room(badr, anna), make_room(badr)
    since = seen_and_gone(realtime, anna, first)
    publish_each(
        [
            (said(first, 1), Joined(first.id)),
            (own(2), Users.of(anna.id)),
            (said(second, 3), Members(second.id)),
            (own(90), Users.of(badr.id)),
            (said(foreign, 91), Members(foreign.id)),
            (said(first, 92), Joined(first.id, but=anna.id)),
            (said(first, 4), Joined(first.id)),
        ]
    )
    with back(other_realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == [1, 2, 3, 4]
        publish(own(5), to=Users.of(anna.id))
        phone.wait("file_rejected")
        assert numbers(phone.frames) == [1, 2, 3, 4, 5]
        assert phone.heard("resync_required") == []
        ids = [tuple(map(int, frame["event_id"].split("-"))) for frame in phone.frames if "event_id" in frame]
        assert ids == sorted(ids)


def test_nothing_missed(realtime: Realtime) -> None:
    anna = make_user()
    since = seen_and_gone(realtime, anna)
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == []
        assert phone.heard("resync_required") == []


def test_presence_and_counts_are_not_replayed(realtime: Realtime) -> None:
    anna = make_user()
    since = seen_and_gone(realtime, anna)
    publish(UnreadCounted(chat_unread=7, notifications_unread=7), to=Users.of(anna.id))
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert phone.heard("unread_update") == []


def test_a_notice_is_a_place_to_resume_from(realtime: Realtime) -> None:
    anna = make_user()
    with realtime.client(anna) as phone:
        since = phone.wait("presence_snapshot")["event_id"]
    publish(own(1), to=Users.of(anna.id))
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == [1]


def test_room_joined_again_loses_nothing_in_between(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room, other = make_room(anna, badr), make_room(badr, anna)
    since = seen_and_gone(realtime, anna, room)
    publish(said(room, 1), to=Joined(room.id))
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        publish_each(
            [
                (said(room, 2), Joined(room.id)),
                (said(other, 90), Joined(other.id)),
                (said(other, 3), Members(other.id)),
            ]
        )
        phone.wait(lambda frame: frame.get("message_id") == str(UUID(int=3)))
        phone.ask(type="join_room", room_id=str(room.id))
        publish(said(room, 4), to=Joined(room.id))
        phone.wait(lambda frame: frame.get("message_id") == str(UUID(int=4)))
        assert numbers(phone.frames) == [1, 2, 3, 4]
        phone.ask(type="leave_room", room_id=str(room.id))
        publish_each([(said(room, 90), Joined(room.id)), (own(5), Users.of(anna.id))])
        phone.wait("file_rejected")
        assert numbers(phone.frames) == [1, 2, 3, 4, 5]


def test_cut_off_again_before_it_had_joined_again(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    since = seen_and_gone(realtime, anna, room)
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        publish(own(1), to=Users.of(anna.id))
        phone.wait("file_rejected")
        since = last_id(phone)
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        publish(said(room, 2), to=Joined(room.id))
        publish(own(3), to=Users.of(anna.id))
        phone.wait("file_rejected")
        assert numbers(phone.frames) == [2, 3]


def test_e10_e11_d8_rooms_not_joined_or_left_are_not_heard(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    anna, badr = make_user(), make_user()
    never, left, earlier = make_room(badr, anna), make_room(badr, anna), make_room(badr, anna)
    seen_and_gone(realtime, anna, earlier)
    publish(own(1), to=Users.of(anna.id))
    with realtime.client(anna) as phone:
        phone.wait("presence_snapshot")
        phone.ask(type="join_room", room_id=str(left.id))
        phone.ask(type="leave_room", room_id=str(left.id))
        publish(own(2), to=Users.of(anna.id))
        phone.wait("file_rejected")
        since = last_id(phone)
    publish_each((said(room, 90), Joined(room.id)) for room in (never, left, earlier))
    with back(other_realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        publish_each((said(room, 91), Joined(room.id)) for room in (never, left, earlier))
        publish(own(5), to=Users.of(anna.id))
        phone.wait("file_rejected")
        assert numbers(phone.frames) == [5]


def test_hearing_a_room_again_is_not_being_in_it(realtime: Realtime) -> None:
    anna = make_user()
    room = make_room(anna)
    since = seen_and_gone(realtime, anna, room)
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        answer = phone.ask(type="typing", room_id=str(room.id), is_typing=True)
        assert answer == {"error": "You must join the room first"}
        answer = phone.ask(type="leave_room", room_id=str(room.id))
        assert answer == {"error": "You are not in this room"}


def test_time_for_joining_again_ends() -> None:
    registry, rooms = Registry(), frozenset({uuid4(), uuid4()})
    socket = registry.add(cast("Any", object()), uuid4(), uuid4())
    registry.know(socket.user, Person(socket.user.id, "Anna", rooms))
    registry.await_rejoining(socket, rooms)
    joined, other = rooms
    registry.join(socket, joined)
    assert audience_of(registry, joined) == audience_of(registry, other) == [socket]
    registry.await_rejoining(socket, frozenset())
    assert audience_of(registry, joined) == [socket]
    assert audience_of(registry, other) == []
    registry.await_rejoining(socket, rooms)
    registry.remove(socket)
    assert audience_of(registry, joined) == audience_of(registry, other) == []


def audience_of(registry: Registry, room_id: UUID) -> list[Socket]:
    return list(registry.audience(Envelope("joined", room_id, False, None, (), b"")))


def test_e20_killed_process(start: Callable[..., Realtime], other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    process = start()
    with process.client(anna) as phone:
        phone.wait("presence_snapshot")
        phone.ask(type="join_room", room_id=str(room.id))
        publish(said(room, 1), to=Joined(room.id))
        phone.wait("message_deleted")
        process.kill()
        publish_each((said(room, n), Joined(room.id)) for n in range(2, 50))
        since = last_id(phone)
    with back(other_realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == list(range(2, 50))


def membership_event(kind: type[MemberAdded | MemberRemoved], room: Room, user: User, by: User) -> Event:
    role = "added" if kind is MemberAdded else "removed"
    names = {f"{role}_by": by.id, f"{role}_by_name": by.full_name}
    return kind(user_id=user.id, full_name=user.full_name, room_id=room.id, **names)


def test_only_from_while_one_was_in_the_room(realtime: Realtime) -> None:
    owner, anna = make_user("accountant"), make_user("accountant")
    old, new = make_room(owner, anna), make_room(owner)
    since = seen_and_gone(realtime, anna, old)
    removed = membership_event(MemberRemoved, old, anna, owner)
    back_again = membership_event(MemberAdded, old, anna, owner)
    added = membership_event(MemberAdded, new, anna, owner)
    publish_each(
        [
            (said(old, 1), Joined(old.id)),
            (said(new, 90), Joined(new.id)),
            (removed, Members(old.id, but=anna.id)),
            (said(old, 91), Joined(old.id)),
            (back_again, Members(old.id, but=anna.id)),
            (added, Members(new.id, but=anna.id)),
            (said(new, 2), Members(new.id)),
            (said(old, 3), Joined(old.id)),
        ]
    )
    Membership.objects.create(room=new, user=anna)
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == [1, 2, 3]


def test_a_room_that_was_deleted_meanwhile(realtime: Realtime) -> None:
    karim, lina = make_user("accountant"), make_user("academic")
    room = make_group(karim, lina)
    work_off()
    since = seen_and_gone(realtime, lina, room)
    with realtime.client(karim) as phone:
        phone.wait("presence_snapshot")
        delete_room(actor=karim, room_id=room.id)
        work_off("chat")
        assert phone.wait("room_deleted")["room_id"] == str(room.id)
        assert len(phone.heard("room_deleted")) == 1
    with back(realtime, lina, since) as phone:
        assert phone.wait("room_deleted")["room_id"] == str(room.id)
        assert len(phone.heard("room_deleted")) == 1


def test_who_may_still_hear(realtime: Realtime, bus: Redis) -> None:
    here, left, stranger = make_user(), make_user(), make_user()
    with realtime.client(here) as phone:
        phone.wait("presence_snapshot")
        seen_and_gone(realtime, left)
        eventually(lambda: bus.exists(f"rt:left:{left.id}"), "the one who left is gone")
        assert may_hear([here.id, stranger.id, left.id]) == [here.id, left.id]
        seconds: Any = bus.ttl(f"rt:left:{left.id}")
        assert 0 < seconds <= scripts.LOG_SECONDS
        bus.delete(f"rt:on:{here.id}")
        assert may_hear([stranger.id, here.id]) == [here.id]
    assert may_hear([]) == []
