"""What publishing puts on the bus."""

import time
from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.conf import settings
from pydantic import ValidationError
from redis import Redis

from core.errors import TransientError
from core.realtime import Joined, Members, Sharing, Users, bus, publish, publish_each, scripts
from core.realtime.control import CloseSockets, read_control
from core.realtime.envelope import EVERYONE, Envelope, room_channel, unseal, user_channel
from core.realtime.events import Event, RoomDeleted, UnreadCounted

USER, OTHER, ROOM = uuid4(), uuid4(), uuid4()
LAST = b"that was all"


@pytest.fixture
def valkey() -> Iterator[Any]:
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


def heard(valkey: Any, channels: list[str], deliveries: list[Any]) -> list[Envelope]:
    """The envelopes that these deliveries put on these channels."""
    with valkey.pubsub() as ears:
        ears.subscribe(*channels)
        told = ears.listen()
        assert {next(told)["type"] for _ in channels} == {"subscribe"}
        publish_each(deliveries)
        valkey.publish(channels[0], LAST)
        messages = takewhile(lambda message: message["data"] != LAST, told)
        return [unseal(message["channel"], message["data"]) for message in messages]


def gone() -> RoomDeleted:
    return RoomDeleted(room_id=ROOM)


def counted() -> UnreadCounted:
    return UnreadCounted(chat_unread=1, notifications_unread=2)


def test_text_is_the_event_with_an_id_first(valkey: Any) -> None:
    [envelope] = heard(valkey, [user_channel(USER)], [(counted(), Users.of(USER))])
    assert envelope.text.startswith(b'{"event_id":"' + envelope.event_id.encode() + b'",')
    assert orjson.loads(envelope.text) == {
        "event_id": envelope.event_id,
        "type": "unread_update",
        "chat_unread": 1,
        "notifications_unread": 2,
    }


def test_audiences(valkey: Any) -> None:
    channels = [user_channel(USER), user_channel(OTHER), room_channel(ROOM), EVERYONE]
    audiences = [
        Users.of(USER, OTHER),
        Joined(ROOM),
        Members(ROOM, but=USER),
        Sharing((ROOM,), but=USER),
    ]
    envelopes = heard(valkey, channels, [(gone(), to) for to in audiences])
    assert [(e.scope, e.subject, e.but, e.rooms) for e in envelopes] == [
        ("user", USER, None, ()),
        ("user", OTHER, None, ()),
        ("joined", ROOM, None, ()),
        ("members", ROOM, USER, ()),
        ("sharing", None, USER, (ROOM,)),
    ]


def test_ids_rise_over_all_channels(valkey: Any) -> None:
    deliveries = [(gone(), to) for _ in range(50) for to in (Users.of(USER), Members(ROOM))]
    envelopes = heard(valkey, [user_channel(USER), room_channel(ROOM)], deliveries)
    ids = [tuple(map(int, envelope.event_id.split("-"))) for envelope in envelopes]
    assert len(ids) == 100
    assert ids == sorted(set(ids))


def test_ids_rise_when_the_clock_falls_back(valkey: Any) -> None:
    user = uuid4()
    ahead = int(time.time() * 1000) + 3_600_000
    before = valkey.getset("rt:clock", ahead)
    envelopes = heard(valkey, [user_channel(user)], [(gone(), Users.of(user))] * 2)
    valkey.set("rt:clock", before or 0)
    assert [envelope.event_id.partition("-")[0] for envelope in envelopes] == [str(ahead)] * 2


def test_only_what_is_kept_is_logged_and_not_for_long(valkey: Any) -> None:
    user = uuid4()
    publish(counted(), to=Users.of(user))
    log = f"rt:log:{user_channel(user)}"
    assert not valkey.exists(log)
    publish_each([(gone(), Users.of(user))] * (scripts.LOG_LENGTH + 500))
    assert valkey.xlen(log) <= scripts.LOG_LENGTH + 100
    assert 0 < valkey.ttl(log) <= scripts.LOG_SECONDS


def test_control_messages_are_not_events(valkey: Any) -> None:
    session = uuid4()
    [envelope] = heard(valkey, [user_channel(USER)], [(CloseSockets(session_id=session), Users.of(USER))])
    assert envelope.control
    assert read_control(envelope.text) == CloseSockets(session_id=session)


def test_many_users_are_told_in_one_go(valkey: Any) -> None:
    users = [uuid4() for _ in range(1200)]
    channels = [user_channel(user) for user in users]
    envelopes = heard(valkey, channels, [(counted(), Users(tuple(users)))])
    assert [envelope.subject for envelope in envelopes] == users


def test_unreachable_bus_is_a_passing_fault(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(TransientError):
        publish(counted(), to=Users.of(USER))


def test_frozen_bus_is_given_up_soon(valkey: Any) -> None:
    publish(counted(), to=Users.of(USER))
    valkey.execute_command("CLIENT", "PAUSE", 60_000, "WRITE")
    try:
        with pytest.raises(bus.BusUnavailable):
            publish(counted(), to=Users.of(USER))
    finally:
        valkey.execute_command("CLIENT", "UNPAUSE")


@pytest.mark.parametrize("fields", [{}, {"room_id": "x"}, {"room_id": ROOM, "extra": 1}])
def test_events_are_closed(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RoomDeleted(**fields)


def test_wire_types_are_those_of_the_contract() -> None:
    ours = (event for event in Event.__subclasses__() if event.__module__ == Event.__module__)
    types = {event.model_fields["type"].default for event in ours}
    assert types == {
        "chat_message",
        "user_status_changed",
        "typing_indicator",
        "room_list_update",
        "member_added",
        "member_removed",
        "room_deleted",
        "message_edited",
        "message_deleted",
        "file_rejected",
        "new_notification",
        "unread_update",
    }
