"""E5-E7 for those online who come to share a room: they learn of each other at that moment."""

from uuid import UUID

from core.accounts.models import User
from core.chat.actions.members import add_member, remove_member
from core.chat.models import Room
from tests.cast import make_user
from tests.chatting import make_direct, make_group, work_off
from tests.realtime.processes import Phone, Realtime


def ready(phone: Phone) -> Phone:
    phone.wait("presence_snapshot")
    return phone


def wait_until_online(phone: Phone, user: User) -> None:
    """By a change, or by a list of all."""
    wanted = str(user.id)
    phone.wait(lambda f: wanted in (f.get("user_id"), *f.get("online", ())) and f.get("status") != "offline")


def changes(phone: Phone, user: User) -> list[str]:
    return [f["status"] for f in phone.heard("user_status_changed") if f["user_id"] == str(user.id)]


def group_of(phone: Phone, creator: User) -> Room:
    """A new group of the creator's, heard by their phone."""
    room = make_group(creator)
    work_off()
    ready(phone)
    return room


def add(room: Room, *, by: User, user_id: UUID) -> None:
    add_member(actor=by, room_id=room.id, user_id=user_id)
    work_off()


def test_who_is_added_and_the_members_hear_of_each_other(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    karim, lina = make_user("accountant"), make_user("academic", full_name="Lina")
    with realtime.client(karim) as his, other_realtime.client(lina) as hers:
        ready(his), ready(hers)
        add(group_of(his, karim), by=karim, user_id=lina.id)
        assert his.wait_for_event("user_status_changed") == {
            "user_id": str(lina.id),
            "full_name": "Lina",
            "status": "online",
        }
        assert hers.wait("presence_snapshot")["online"] == [str(karim.id)]


def test_both_of_a_new_direct_room_hear_on_all_devices(realtime: Realtime, other_realtime: Realtime) -> None:
    karim, sami = make_user("accountant"), make_user("client")
    with (
        realtime.client(karim) as phone,
        other_realtime.client(karim) as tablet,
        other_realtime.client(sami) as other,
    ):
        ready(phone), ready(tablet), ready(other)
        make_direct(sami, karim)
        work_off()
        wait_until_online(phone, sami)
        wait_until_online(tablet, sami)
        wait_until_online(other, karim)


def test_who_shares_a_room_already_isn_t_told_again(realtime: Realtime) -> None:
    karim, lina, nora = make_user("accountant"), make_user("academic"), make_user("academic")
    with realtime.client(karim) as his, realtime.client(lina) as hers, realtime.client(nora) as other:
        ready(his), ready(hers), ready(other)
        first, second = group_of(his, karim), group_of(his, karim)
        add(second, by=karim, user_id=nora.id)
        assert str(karim.id) in ready_with(other)
        add(first, by=karim, user_id=lina.id)
        assert ready_with(hers) == [str(karim.id)]
        add(second, by=karim, user_id=lina.id)
        assert ready_with(hers) == sorted([str(karim.id), str(nora.id)])
        wait_until_online(other, lina)
        assert changes(his, lina) == ["online"]
        assert changes(other, lina) == ["online"]


def ready_with(phone: Phone) -> list[str]:
    online: list[str] = phone.wait("presence_snapshot")["online"]
    return online


def test_who_was_taken_out_hears_no_more_and_isn_t_heard_of(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    karim, lina, nora = make_user("accountant"), make_user("academic"), make_user("academic")
    with realtime.client(nora) as other:
        ready(other)
        with other_realtime.client(lina) as hers:
            ready(hers)
            room = make_group(karim, lina, nora)
            work_off()
            wait_until_online(hers, nora)
            wait_until_online(other, lina)
            remove_member(actor=karim, room_id=room.id, user_id=lina.id)
            work_off()
            hers.wait("member_removed")
            with realtime.client(karim) as his:
                ready(his)
            other.wait(lambda frame: frame.get("status") == "offline")
            assert changes(hers, karim) == []
        with realtime.client(karim) as his:
            ready(his)
            wait_until_online(other, karim)
            assert "offline" not in changes(other, lina)
