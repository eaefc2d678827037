"""What breaks around the process: the bus, readers, clients that flood."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from redis import Redis

from core.accounts.models import AccountStatus, EndReason, User
from core.errors import TransientError
from core.realtime import Members, Users, publish, publish_each
from core.realtime.events import FileRejected, MessageDeleted, UnreadCounted
from local.server import launch, stop, wait_until_accepts
from local.valkey import Valkey
from tests.cast import make_user, tokens_of
from tests.realtime.processes import PATIENCE, Realtime, eventually
from tests.realtime.rooms import make_room


class OwnValkey:
    """A Valkey that a test may stop, restart and freeze."""

    def __init__(self, folder: Path) -> None:
        self.server = Valkey()
        self.log = folder / "valkey.log"
        self.start()

    def start(self) -> None:
        self.process = launch(self.server, log=self.log, env={})
        wait_until_accepts(self.server, self.process, log=self.log)

    def stop(self) -> None:
        stop(self.server, self.process)


@pytest.fixture
def valkey(tmp_path: Path, settings: Any) -> Iterator[OwnValkey]:
    own = OwnValkey(tmp_path)
    settings.REDIS_URL = own.server.url
    yield own
    own.stop()


def count(n: int) -> UnreadCounted:
    return UnreadCounted(chat_unread=n, notifications_unread=0)


def test_e3_what_ended_while_the_bus_was_not_heard(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:
    suspended, revoked, other = make_user(), make_user(), make_user()
    process = start()
    with process.client(suspended) as his, process.client(revoked) as hers, process.client(other) as phone:
        for device in (his, hers, phone):
            device.wait("presence_snapshot")
        User.objects.filter(id=suspended.id).update(account_status=AccountStatus.SUSPENDED)
        revoked.sessions.update(ended_at=timezone.now(), end_reason=EndReason.REVOKED)
        with Redis.from_url(valkey.server.url) as client:
            client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert his.close_code() == hers.close_code() == 4001
        phone.wait("resync_required")
        assert phone.heard("error") == []


def test_sockets_outlive_the_bus(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:
    anna, badr = make_user(), make_user()
    room = make_room(anna, badr)
    first, second = start(PRESENCE_TTL="5"), start(PRESENCE_TTL="5")
    with first.client(anna) as phone, second.client(badr) as other:
        phone.wait("presence_snapshot"), other.wait("presence_snapshot")
        phone.ask(type="join_room", room_id=str(room.id))
        valkey.stop()
        eventually(lambda: not first.is_listening(), "the process notices")
        with pytest.raises(TransientError):
            publish(count(1), to=Users.of(anna.id))
        assert phone.ask(type="dance") == {"error": "Unknown message type: dance"}
        reply = phone.ask(type="leave_room", room_id=str(room.id))
        assert reply["type"] == "room_left"
        valkey.start()
        for device in (phone, other):
            assert device.wait("resync_required")["event_id"]
        publish(count(2), to=Users.of(anna.id, badr.id))
        for device in (phone, other):
            assert device.wait("unread_update")["chat_unread"] == 2
        # Presence was lost with the bus: each side hears of the other again.
        assert phone.wait("presence_snapshot")["online"] == [str(badr.id)]
        assert other.wait("presence_snapshot")["online"] == [str(anna.id)]
        with first.client(badr) as late:
            assert late.wait("presence_snapshot")["online"] == [str(anna.id)]


def test_rooms_changed_while_the_bus_was_away(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:
    anna = make_user()
    process = start()
    with process.client(anna) as phone:
        phone.wait("presence_snapshot")
        valkey.stop()
        eventually(lambda: not process.is_listening(), "the process notices")
        room = make_room(anna)
        valkey.start()
        phone.wait("resync_required")

        def hears() -> bool:
            publish(MessageDeleted(message_id=uuid4(), room_id=room.id), to=Members(room.id))
            return bool(phone.heard("message_deleted"))

        eventually(hears, "the new room is heard")


def test_connecting_without_the_bus(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:
    process = start()
    valkey.stop()
    eventually(lambda: not process.is_listening(), "the process notices")
    with process.client(make_user()) as phone:
        assert phone.close_code() == 1013
    valkey.start()
    process.wait_until_listening()
    with process.client(make_user()) as phone:
        assert phone.wait("presence_snapshot")


def test_connecting_while_the_bus_is_slow(valkey: OwnValkey, start: Callable[..., Realtime]) -> None:
    process = start()
    valkey.process.send_signal(signal.SIGSTOP)
    try:
        with process.client(make_user()) as phone:
            eventually(lambda: "A socket waits" in process.log.read_text(), "it has to wait")
            valkey.process.send_signal(signal.SIGCONT)
            assert phone.wait("presence_snapshot")
    finally:
        valkey.process.send_signal(signal.SIGCONT)


def raw_socket(process: Realtime, token: str) -> socket.socket:
    """A client that has connected and reads nothing more."""
    client = socket.create_connection(("127.0.0.1", process.port), timeout=PATIENCE)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(
        f"GET /ws/global/?token={token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert client.recv(12) == b"HTTP/1.1 101"
    return client


def test_e21_slow_reader_is_cut_off_and_delays_nobody(realtime: Realtime) -> None:
    anna, badr = make_user(), make_user()
    make_room(anna, badr)
    long_name = "x" * 20_000
    with realtime.client(anna) as reader:
        reader.wait("presence_snapshot")
        with closing(raw_socket(realtime, tokens_of(badr).access)) as stalled:
            reader.wait(lambda frame: frame.get("status") == "online")
            for number in range(200):
                to_both = (count(number), Users.of(anna.id)), (big_event(long_name), Users.of(badr.id))
                publish_each(to_both)
                heard = reader.wait(lambda frame: frame["type"] != "presence_snapshot")
                if heard.get("status") == "offline":
                    break
                assert heard["chat_unread"] == number
            # At once: what a peer that was cut off doesn't take within ten seconds is dropped.
            assert close_code_of(stalled) == 1013
            changes = [frame["status"] for frame in reader.heard("user_status_changed")]
            assert changes == ["online", "offline"]


def big_event(text: str) -> Any:
    return FileRejected(message_id=uuid4(), room_id=uuid4(), reason=text)


def close_code_of(stalled: socket.socket) -> int:
    """The code of the close frame at the end of what is left to read."""
    received = bytearray()
    while chunk := stalled.recv(65536):
        received += chunk
        at = received.rfind(b"\x88")
        if at >= 0 and received[at + 4 :].startswith(b"You are"):
            return int.from_bytes(received[at + 2 : at + 4])
    raise AssertionError(f"no close frame in {len(received)} bytes")


def test_flooding_client_is_told_to_slow_down(start: Callable[..., Realtime]) -> None:
    process = start(THROTTLES="on")
    with process.client(make_user()) as phone:
        phone.wait("presence_snapshot")
        for _ in range(600):
            phone.send(type="dance")
        replies = [phone.wait(lambda frame: "event_id" not in frame) for _ in range(600)]
        refused = {"error": "Too many requests. Please try again later."}
        assert replies[:200].count(refused) == 0
        assert refused in replies
        reply = eventually(
            lambda: (got := phone.ask(type="dance")) != refused and got, "the guard lets through again"
        )
        assert reply == {"error": "Unknown message type: dance"}


def test_live_check_and_other_paths(realtime: Realtime) -> None:
    with closing(socket.create_connection(("127.0.0.1", realtime.port))) as client:
        client.sendall(b"GET /nowhere/ HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 404")
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {"detail": "Not found."}
