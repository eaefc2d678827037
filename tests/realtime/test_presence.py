"""E5-E7: online with the first socket, offline after the last, told once to those who share a room."""

import signal
from collections.abc import Callable

from tests.cast import make_user
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.rooms import make_room


def ready(phone: Phone) -> Phone:
    phone.wait("presence_snapshot")
    return phone


def changes(phone: Phone, user_id: object) -> list[str]:
    return [f["status"] for f in phone.heard("user_status_changed") if f["user_id"] == str(user_id)]


def test_e6_sharing_users_hear_once_whatever_they_share(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr, stranger = make_user(full_name="Anna"), make_user(), make_user()
    make_room(anna, badr), make_room(badr, anna)
    with realtime.client(badr) as phone, realtime.client(stranger) as other:
        ready(phone), ready(other)
        with other_realtime.client(anna) as hers:
            assert phone.wait_for_event("user_status_changed") == {
                "user_id": str(anna.id),
                "full_name": "Anna",
                "status": "online",
            }
            assert ready(hers).heard("user_status_changed") == []
        phone.wait(lambda frame: frame.get("status") == "offline")
        assert changes(phone, anna.id) == ["online", "offline"]
        assert other.heard("user_status_changed") == []


def test_e7_snapshot_names_those_online_who_share_a_room(
    realtime: Realtime, other_realtime: Realtime
) -> None:
    anna, badr, chafik, stranger = (make_user() for _ in range(4))
    make_room(anna, badr, chafik)
    with realtime.client(badr) as first, realtime.client(stranger) as second:
        ready(first), ready(second)
        with other_realtime.client(anna) as phone, other_realtime.client(anna) as tablet:
            assert phone.wait("presence_snapshot")["online"] == [str(badr.id)]
            assert tablet.wait("presence_snapshot")["online"] == [str(badr.id)]


def test_e5_several_devices_are_one_presence(realtime: Realtime, other_realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    make_room(anna, badr)
    with realtime.client(badr) as watcher:
        ready(watcher)
        with realtime.client(anna) as phone:
            ready(phone)
            with other_realtime.client(anna) as tablet, realtime.client(anna) as laptop:
                ready(tablet), ready(laptop)
        watcher.wait(lambda frame: frame.get("status") == "offline")
        assert changes(watcher, anna.id) == ["online", "offline"]


def test_e5_users_of_a_killed_process_go_offline(
    start: Callable[..., Realtime],
) -> None:
    anna, badr, chafik = make_user(), make_user(), make_user()
    make_room(anna, badr, chafik)
    survivor, victim = start(PRESENCE_TTL="5"), start(PRESENCE_TTL="5")
    with survivor.client(badr) as watcher, survivor.client(chafik) as device:
        ready(watcher), ready(device)
        with victim.client(anna) as phone, victim.client(chafik) as second:
            ready(phone), ready(second)
            victim.kill()
        watcher.wait(lambda frame: frame.get("status") == "offline")
        assert changes(watcher, anna.id) == ["online", "offline"]
        # Chafik still has a socket elsewhere.
        assert "offline" not in changes(watcher, chafik.id)


def test_graceful_stop_closes_1012_and_says_goodbye(
    start: Callable[..., Realtime], realtime: Realtime
) -> None:
    anna, badr = make_user(), make_user()
    make_room(anna, badr)
    process = start()
    with realtime.client(badr) as watcher, process.client(anna) as phone:
        ready(watcher), ready(phone)
        process.process.terminate()
        assert phone.close_code() == 1012
        watcher.wait(lambda frame: frame.get("status") == "offline")
        eventually(lambda: process.process.poll() is not None, "the process has stopped")
        assert process.process.returncode in (0, -signal.SIGTERM)
