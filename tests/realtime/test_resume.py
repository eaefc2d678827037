"""E20: who comes back is told what it missed, in order and once, or that it can't be known."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from redis import Redis

from core.accounts.models import User
from core.chat.models import Membership, Room
from core.realtime import Audience, Joined, Members, Users, may_hear, publish, publish_each, scripts
from core.realtime.envelope import Envelope
from core.realtime.events import (
    Event,
    FileRejected,
    MemberAdded,
    MemberRemoved,
    MessageDeleted,
    UnreadCounted,
)
from realtime.registry import Registry, Socket
from tests.cast import make_user, tokens_of
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.rooms import make_room
from tests.realtime.test_faults import OwnValkey, valkey  # noqa: F401 — a fixture

_UNKNOWN_IDS = ["", "x", "1-", "-1", "1-1-1", "１-１", f"{10**30}-1", str(uuid4()), "0-0", "1-1"]


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
        publish_each([(said(room, 2), Joined(room.id)), (said(other, 3), Members(other.id))])
        phone.wait(lambda frame: frame.get("message_id") == str(UUID(int=3)))
        phone.ask(type="join_room", room_id=str(room.id))
        publish(said(room, 4), to=Joined(room.id))
        phone.wait(lambda frame: frame.get("message_id") == str(UUID(int=4)))
        assert numbers(phone.frames) == [1, 2, 3, 4]
        phone.ask(type="leave_room", room_id=str(room.id))
        publish_each([(said(room, 90), Joined(room.id)), (own(5), Users.of(anna.id))])
        phone.wait("file_rejected")
        assert numbers(phone.frames) == [1, 2, 3, 4, 5]


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


@pytest.mark.parametrize("last_event_id", _UNKNOWN_IDS[1:])
def test_e20_unknown_ids(realtime: Realtime, last_event_id: str) -> None:
    anna = make_user()
    publish(own(1), to=Users.of(anna.id))
    with back(realtime, anna, last_event_id) as phone:
        phone.wait("presence_snapshot")
        kinds = [frame["type"] for frame in phone.frames]
        assert kinds.count("resync_required") == 1
        assert "file_rejected" not in kinds


def test_id_of_the_future(realtime: Realtime) -> None:
    anna = make_user()
    milliseconds, _, number = seen_and_gone(realtime, anna).partition("-")
    for unknown in (f"{milliseconds}-{int(number) + 10**6}", f"{int(milliseconds) + 10**6}-{number}"):
        with back(realtime, anna, unknown) as phone:
            assert phone.wait("resync_required")["event_id"]


def test_e20_older_than_five_minutes(realtime: Realtime) -> None:
    anna = make_user()
    milliseconds, _, number = seen_and_gone(realtime, anna).partition("-")
    almost = int(milliseconds) - int(timedelta(minutes=5).total_seconds() * 1000)
    with back(realtime, anna, f"{almost - 1}-{number}") as phone:
        assert phone.wait("resync_required")


def test_log_that_was_cut(realtime: Realtime) -> None:
    anna = make_user()
    since = seen_and_gone(realtime, anna)
    publish_each((own(n), Users.of(anna.id)) for n in range(scripts.LOG_LENGTH + 200))
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert next(f["type"] for f in phone.frames if "event_id" in f) == "resync_required"
        assert numbers(phone.frames) == []


def test_long_but_whole_log(realtime: Realtime) -> None:
    anna = make_user()
    since = seen_and_gone(realtime, anna)
    publish_each((own(n), Users.of(anna.id)) for n in range(1, 4001))
    with back(realtime, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == list(range(1, 4001))


def test_bus_that_lost_its_logs(
    valkey: OwnValkey,  # noqa: F811 — the fixture
    start: Callable[..., Realtime],
) -> None:
    anna = make_user()
    process = start()
    since = seen_and_gone(process, anna)
    valkey.stop()
    eventually(lambda: not process.is_listening(), "the process notices")
    valkey.start()
    process.wait_until_listening()
    publish(own(1), to=Users.of(anna.id))
    with back(process, anna, since) as phone:
        phone.wait("presence_snapshot")
        assert [frame["type"] for frame in phone.frames].count("resync_required") == 1
        fresh = last_id(phone)
    publish(own(2), to=Users.of(anna.id))
    with back(process, anna, fresh) as phone:
        phone.wait("presence_snapshot")
        assert numbers(phone.frames) == [2]


def test_emptied_bus(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:  # noqa: F811
    anna = make_user()
    process = start()
    since = seen_and_gone(process, anna)
    with Redis.from_url(valkey.server.url) as client:
        client.flushall()
    with back(process, anna, since) as phone:
        assert phone.wait("resync_required")


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


class Publisher:
    """Says numbers to a person over several channels, beside whatever else happens."""

    def __init__(self, anna: User, rooms: list[Room]) -> None:
        audiences: list[Audience] = [Users.of(anna.id), Joined(rooms[0].id), Members(rooms[1].id)]
        self._audiences = audiences
        self._rooms = rooms
        self.said = 0
        self._threads: list[threading.Thread] = []

    def say(self, count: int) -> None:
        """So many in the background, after those before."""
        before, start = list(self._threads), self.said + 1
        self.said += count

        def run() -> None:
            for thread in before:
                thread.join()
            for number in range(start, start + count):
                publish(said(self._rooms[0], number), to=self._audiences[number % 3])

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()


STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 15)),
    st.tuples(st.just("read"), st.integers(1, 12)),
    st.tuples(st.just("cut off"), st.integers(0, 1)),
    st.tuples(st.just("wait for all"), st.just(0)),
)


class Commuter:
    """A phone in one room that is cut off and comes back, to any of the processes."""

    def __init__(self, user: User, room: Room, processes: list[Realtime]) -> None:
        self._user, self._room, self._processes = user, room, processes
        self._before: list[int] = []
        self._since = ""
        self.phone = processes[0].client(user)
        self.phone.wait("presence_snapshot")
        self.phone.ask(type="join_room", room_id=str(room.id))

    @property
    def told(self) -> list[int]:
        return self._before + numbers(self.phone.frames)

    def read(self, count: int) -> None:
        """Read on until so many were told."""
        while len(self.told) < count:
            self.phone.wait(lambda frame: "message_id" in frame)

    def cut_off(self, process: int) -> None:
        self._since = last_id(self.phone, self._since)
        self._before = self.told
        self.phone.__exit__()
        self.phone = back(self._processes[process], self._user, self._since)
        self.phone.send(type="join_room", room_id=str(self._room.id))


@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_e20_any_interleaving_loses_and_repeats_nothing(
    realtime: Realtime, other_realtime: Realtime, steps: list[tuple[str, int]]
) -> None:
    """Each event is told once, in order, over all its channels."""
    anna, badr = make_user(), make_user()
    rooms = [make_room(anna, badr), make_room(anna, badr)]
    publisher = Publisher(anna, rooms)
    commuter = Commuter(anna, rooms[0], [realtime, other_realtime])
    for step, parameter in steps:
        match step:
            case "say":
                publisher.say(parameter)
            case "read":
                commuter.read(min(len(commuter.told) + parameter, publisher.said))
            case "cut off":
                commuter.cut_off(parameter)
            case "wait for all":
                publisher.finish()
    commuter.read(publisher.said)
    publisher.finish()
    assert commuter.phone.heard("resync_required") == []
    commuter.phone.__exit__()
    assert commuter.told == list(range(1, publisher.said + 1))
