"""What a realtime process tells Prometheus moves when the thing happens."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from redis import Redis

from core.accounts.models import User
from core.realtime import Users, publish
from core.realtime.events import UnreadCounted
from core.realtime.sockets import open_sockets
from tests.cast import make_user, tokens_of
from tests.realtime.processes import Phone, Realtime, eventually
from tests.realtime.test_faults import big_event, raw_socket
from tests.scraping import scrape, told_address, value


class Watched:
    """A realtime process and its metrics."""

    def __init__(self, process: Realtime, metrics_file: Path) -> None:
        self.process = process
        self.address = eventually(lambda: told_address(metrics_file), "metrics are served")

    def value(self, name: str, **labels: str) -> float:
        return value(scrape(self.address), f"accountant_{name}", **labels)

    def until(self, name: str, wanted: float) -> None:
        eventually(lambda: self.value(name) == wanted, f"{name} is {wanted}")


@pytest.fixture
def watched(start: Callable[..., Realtime], tmp_path: Path) -> Watched:
    file = tmp_path / "metrics.json"
    return Watched(start(METRICS_PORT="0", METRICS_FILE=str(file)), file)


def test_sockets_frames_and_deliveries(watched: Watched) -> None:
    user = make_user()
    with watched.process.client(user) as phone:
        phone.wait("presence_snapshot")
        assert watched.value("sockets_open") == 1
        before = watched.value("deliveries_total")
        publish(UnreadCounted(chat_unread=1, notifications_unread=1), to=Users.of(user.id))
        phone.wait("unread_update")
        assert watched.value("deliveries_total") == before + 1
        phone.ask(type="dance")
        assert watched.value("frames_received_total") == 1
    watched.until("sockets_open", 0)
    assert watched.value("sockets_opened_total") == 1


def test_who_is_turned_away_was_never_in(watched: Watched) -> None:
    with watched.process.client(token="nonsense") as phone:
        assert phone.close_code() == 4001
    assert watched.value("sockets_opened_total") == watched.value("sockets_open") == 0


def test_a_reader_that_is_cut_off(watched: Watched) -> None:
    user = make_user()
    with closing(raw_socket(watched.process, tokens_of(user).access)):
        watched.until("sockets_open", 1)
        for _ in range(200):
            publish(big_event("x" * 20_000), to=Users.of(user.id))
        watched.until("readers_dropped_total", 1)
        watched.until("sockets_open", 0)


def back(process: Realtime, user: User, last_event_id: str) -> Phone:
    token = tokens_of(user).access
    return Phone(f"ws://127.0.0.1:{process.port}/ws/global/?token={token}&last_event_id={last_event_id}")


def test_resumes_and_resyncs(watched: Watched) -> None:
    user = make_user()
    with watched.process.client(user) as phone:
        since = phone.wait("presence_snapshot")["event_id"]
    with back(watched.process, user, since) as phone:
        phone.wait("presence_snapshot")
    assert (watched.value("resumes_total"), watched.value("resyncs_total")) == (1, 0)
    with back(watched.process, user, "1-1") as phone:
        phone.wait("resync_required")
    assert (watched.value("resumes_total"), watched.value("resyncs_total")) == (1, 1)


def test_the_sockets_of_all_processes_are_added_up(start: Callable[..., Realtime], bus: Redis) -> None:
    bus.delete("rt:sockets")
    first, second = start(PRESENCE_TTL="2"), start(PRESENCE_TTL="2")
    with first.client(make_user()) as phone, second.client(make_user()) as tablet:
        phone.wait("presence_snapshot"), tablet.wait("presence_snapshot")
        eventually(lambda: open_sockets() == 2, "both are counted")
        second.kill()
        eventually(lambda: open_sockets() == 1, "the dead one's are not")
    eventually(lambda: open_sockets() == 0, "none are left")


def test_the_pool_and_the_bus(watched: Watched) -> None:
    assert watched.value("bus_heard") == 1
    states = [watched.value("database_pool_connections", state=state) for state in ("in_use", "free")]
    assert 1 <= sum(states) <= 4


def test_metrics_are_not_on_the_clients_port(watched: Watched) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://127.0.0.1:{watched.process.port}/metrics", timeout=30)
