"""E20: what was missed can't always be known; then that is said."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis

from core.realtime import Users, publish, publish_each, scripts
from tests.cast import make_user
from tests.realtime.processes import Realtime, eventually
from tests.realtime.resuming import back, last_id, numbers, own, seen_and_gone
from tests.realtime.test_faults import OwnValkey, valkey  # noqa: F401 — a fixture

_UNKNOWN_IDS = ["", "x", "1-", "-1", "1-1-1", "１-１", f"{10**30}-1", str(uuid4()), "0-0", "1-1"]


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
