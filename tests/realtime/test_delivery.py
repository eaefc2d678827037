"""What is published reaches those it is for: in any process, once, in order, and nobody else."""

from uuid import uuid4

import pytest

from core.chat.models import Membership
from core.realtime import Joined, Members, Sharing, Users, publish, publish_each
from core.realtime.control import RoomsChanged
from core.realtime.events import MessageDeleted, RoomDeleted, UnreadCounted
from core.unread import push_counts
from tests.cast import make_user
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.resuming import own
from tests.realtime.rooms import make_room


def ready(phone: Phone) -> Phone:
    phone.wait("presence_snapshot")
    return phone


def deleted(room_id: object) -> MessageDeleted:
    return MessageDeleted(message_id=uuid4(), room_id=room_id)


def test_e19_unread_counts_reach_every_device(realtime: Realtime, other_realtime: Realtime) -> None:
    user = make_user()
    with realtime.client(user) as phone, other_realtime.client(user) as tablet:
        ready(phone), ready(tablet)
        push_counts(user.id)
        for device in (phone, tablet):
            heard = device.wait("unread_update")
            assert heard.pop("event_id")
            assert heard == {"type": "unread_update", "chat_unread": 0, "notifications_unread": 0}


def test_another_user_hears_nothing(realtime: Realtime) -> None:
    user, stranger = make_user(), make_user()
    with realtime.client(user) as phone, realtime.client(stranger) as other:
        ready(phone), ready(other)
        publish(UnreadCounted(chat_unread=1, notifications_unread=2), to=Users.of(user.id))
        phone.wait("unread_update")
        assert other.heard("unread_update") == []


def test_events_arrive_once_and_in_order(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    events = [deleted(room.id) for _ in range(500)]
    with realtime.client(anna) as phone, other_realtime.client(badr) as other:
        ready(phone), ready(other)
        publish_each((event, Members(room.id)) for event in events)
        for device in (phone, other):
            device.wait(lambda frame: frame.get("message_id") == str(events[-1].message_id))
            heard = device.heard("message_deleted")
            assert [frame["message_id"] for frame in heard] == [str(e.message_id) for e in events]
            ids = [tuple(map(int, frame["event_id"].split("-"))) for frame in heard]
            assert ids == sorted(set(ids))


def test_joined_sockets_only(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    with (
        realtime.client(anna) as joined,
        realtime.client(anna) as second,
        other_realtime.client(badr) as other,
    ):
        ready(joined), ready(second), ready(other)
        reply = joined.ask(type="join_room", room_id=str(room.id))
        assert reply == {"type": "room_joined", "room_id": str(room.id), "room_name": room.name}
        publish(deleted(room.id), to=Joined(room.id))
        publish(RoomDeleted(room_id=room.id), to=Members(room.id))
        for device in (joined, second, other):
            device.wait("room_deleted")
        assert len(joined.heard("message_deleted")) == 1
        assert second.heard("message_deleted") == other.heard("message_deleted") == []


def test_one_person_may_be_left_out(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room, another = make_room(anna, badr), make_room(badr, anna)
    with realtime.client(anna) as sender, realtime.client(badr) as receiver:
        for device in (ready(sender), ready(receiver)):
            device.ask(type="join_room", room_id=str(room.id))
        publish(deleted(room.id), to=Joined(room.id, but=anna.id))
        publish(deleted(room.id), to=Members(room.id, but=anna.id))
        publish(deleted(room.id), to=Sharing((room.id, another.id), but=anna.id))
        publish(UnreadCounted(chat_unread=0, notifications_unread=0), to=Users.of(anna.id, badr.id))
        sender.wait("unread_update"), receiver.wait("unread_update")
        assert sender.heard("message_deleted") == []
        assert len(receiver.heard("message_deleted")) == 3


def test_leaving_a_room_stops_its_events(realtime: Realtime) -> None:
    anna = make_user()
    room = make_room(anna)
    with realtime.client(anna) as phone:
        ready(phone).ask(type="join_room", room_id=str(room.id))
        left = phone.ask(type="leave_room", room_id=str(room.id))
        assert left == {"type": "room_left", "room_id": str(room.id)}
        publish(deleted(room.id), to=Joined(room.id))
        publish(RoomDeleted(room_id=room.id), to=Members(room.id))
        phone.wait("room_deleted")
        assert phone.heard("message_deleted") == []
        again = phone.ask(type="leave_room", room_id=str(room.id))
        assert again == {"error": "You are not in this room"}


@pytest.mark.parametrize("in_a_room", [True, False])
def test_joining_needs_membership(realtime: Realtime, in_a_room: bool) -> None:
    owner, stranger = make_user("accountant"), make_user("accountant")
    room = make_room(owner)
    if in_a_room:
        make_room(stranger)
    with realtime.client(stranger) as phone:
        reply = ready(phone).ask(type="join_room", room_id=str(room.id))
        assert reply == {"error": "Not authorized to join this room"}
        reply = phone.ask(type="join_room", room_id=str(uuid4()))
        assert reply == {"error": "Room not found"}


def test_new_member_is_let_in_at_once(realtime: Realtime) -> None:
    """Even before the news of it is published."""
    owner, newcomer = make_user(), make_user()
    room = make_room(owner)
    with realtime.client(newcomer) as phone:
        ready(phone)
        Membership.objects.create(room=room, user=newcomer)
        assert phone.ask(type="join_room", room_id=str(room.id))["type"] == "room_joined"
        publish(deleted(room.id), to=Joined(room.id))
        assert phone.wait("message_deleted")


def test_changed_memberships_change_who_hears(realtime: Realtime) -> None:
    owner, newcomer = make_user(), make_user()
    room = make_room(owner)
    with realtime.client(newcomer) as phone:
        ready(phone)
        membership = Membership.objects.create(room=room, user=newcomer)
        publish(RoomsChanged(), to=Users.of(newcomer.id))

        def hears() -> bool:
            before = len(phone.heard("message_deleted"))
            publish(deleted(room.id), to=Members(room.id))
            return len(phone.heard("message_deleted")) > before

        eventually(hears, "a new member hears the room")
        phone.ask(type="join_room", room_id=str(room.id))
        membership.delete()
        publish(RoomsChanged(), to=Users.of(newcomer.id))
        eventually(lambda: not hears(), "a removed member hears it no more")
        reply = phone.ask(type="leave_room", room_id=str(room.id))
        assert reply == {"error": "You are not in this room"}


def test_what_follows_a_removal_is_not_heard(realtime: Realtime) -> None:
    owner, gone = make_user(), make_user()
    room = make_room(owner, gone)
    with realtime.client(gone) as phone:
        ready(phone).ask(type="join_room", room_id=str(room.id))
        room.memberships.filter(user=gone).delete()
        publish_each(
            [
                (RoomsChanged(left=room.id), Users.of(gone.id)),
                (deleted(room.id), Joined(room.id)),
                (deleted(room.id), Members(room.id)),
                (own(1), Users.of(gone.id)),
            ]
        )
        phone.wait("file_rejected")
        assert phone.heard("message_deleted") == []


def test_closed_room_is_left_by_all(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    with realtime.client(anna) as phone:
        ready(phone).ask(type="join_room", room_id=str(room.id))
        room.memberships.all().delete()
        publish(RoomDeleted(room_id=room.id), to=Members(room.id))
        publish(RoomsChanged(left=room.id), to=Members(room.id))
        phone.wait("room_deleted")
        eventually(
            lambda: "error" in phone.ask(type="leave_room", room_id=str(room.id)),
            "the room has been left",
        )
