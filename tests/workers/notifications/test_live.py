"""Sockets hear of a notification after its commit: decisions E19, F5 and F6."""

import json
from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings, settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.client import PubSub

from core.accounts.models import User
from core.bookings.models import Booking
from core.jobs.models import Job, State
from core.notifications.actions.notify import Notice, notify
from core.notifications.models import Notification, NotificationType
from core.realtime.bus import BusUnavailable
from core.unread import push_counts_after_commit
from tests.booked import make_booking, make_service, work_off
from tests.cast import make_user
from tests.parallel import at_once
from workers.task import RUNS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def booking() -> Booking:
    return make_booking(make_service(make_user("accountant")), make_user("client", full_name="Amina"))


@pytest.fixture
def bus() -> Iterator[Redis]:
    with Redis.from_url(settings.REDIS_URL) as client:
        client.flushall()
        yield client


def listen(bus: Redis, user_id: UUID) -> PubSub:
    heard: PubSub = bus.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    heard.subscribe(f"rt:user:{user_id}")  # type: ignore[no-untyped-call]
    heard.get_message(timeout=30)
    return heard


def events(heard: Any) -> list[dict[str, Any]]:
    """What has been heard, up to a mark said now."""
    (channel,) = heard.channels
    mark = uuid4().bytes
    Redis(connection_pool=heard.connection_pool).publish(channel, mark)
    told = takewhile(lambda data: data != mark, (message["data"] for message in heard.listen()))
    return [json.loads(data.partition(b"\n")[2]) for data in told if data.startswith(b"{")]


def test_every_device_hears_the_documented_event(bus: Redis, booking: Booking) -> None:
    devices = [listen(bus, booking.owner_id) for _ in range(2)]
    assert work_off() == [("bookings.announce", "done")]
    notification = Notification.objects.get()
    for device in devices:
        event, _ = events(device)
        assert event.pop("event_id")
        created_at = event.pop("created_at")
        assert created_at == notification.created_at.isoformat().replace("+00:00", "Z")
        assert event == {
            "type": "new_notification",
            "notification_id": str(notification.id),
            "notification_type": "booking_created",
            "title": "New Booking Request",
            "message": "Amina booked your Tax Preparation service",
            "related_object_id": str(booking.id),
            "is_read": False,
        }


def test_of_many_only_those_who_may_hear_are_told(bus: Redis, client_user: User) -> None:
    """Nobody keeps ten thousand events for people who are away; all have their notification."""
    User.objects.bulk_create(User(email=f"{n}@many.example", user_type="client") for n in range(60))
    heard = listen(bus, client_user.id)
    notice = Notice("fact:1", NotificationType.MESSAGE, "Title", "Text", UUID(int=1), timezone.now())
    assert len(notify(notice, recipients=User.objects.values("id"))) == 61
    assert [event["type"] for event in events(heard)] == ["new_notification"]
    logs = list(bus.scan_iter("rt:log:rt:user:*"))
    assert logs == [f"rt:log:rt:user:{client_user.id}".encode()]


def test_e19_the_counts_follow_from_the_same_task(bus: Redis, booking: Booking) -> None:
    heard = listen(bus, booking.owner_id)
    assert work_off() == [("bookings.announce", "done")]
    news, counted = events(heard)
    assert news["type"] == "new_notification"
    assert counted.pop("event_id") != news["event_id"]
    assert counted == {"type": "unread_update", "chat_unread": 0, "notifications_unread": 1}
    assert not Job.objects.filter(name="unread.push_counts").exists()


def test_e19_nobody_is_counted_for_who_does_not_listen(
    bus: Redis, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.unread.push_counts", lambda *_: pytest.fail("counted for nobody"))
    work_off()
    assert Notification.objects.count() == 1


def test_e19_counts_that_cannot_be_told_are_left_to_a_job(
    bus: Redis, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listen(bus, booking.owner_id)
    monkeypatch.setattr("core.unread.publish_each", _bus_is_down)
    assert work_off() == [("bookings.announce", "done")]
    assert [event["type"] for event in events(heard)] == ["new_notification"]
    assert Job.objects.get(name="unread.push_counts").params == {"user_id": str(booking.owner_id)}


def test_e19_of_counts_pushed_at_once_the_last_heard_is_right(bus: Redis, client_user: User) -> None:
    heard = listen(bus, client_user.id)

    def tell(number: int) -> None:
        notice = Notice(
            f"fact:{number}", NotificationType.MESSAGE, "Title", "Text", UUID(int=1), timezone.now()
        )
        with transaction.atomic():
            push_counts_after_commit(notify(notice, recipients=User.objects.values("id")))

    at_once(*(lambda number=number: tell(number) for number in range(8)))
    counts = [event["notifications_unread"] for event in events(heard) if event["type"] == "unread_update"]
    assert len(counts) == 8
    assert counts == sorted(counts)
    assert counts[-1] == 8


def _bus_is_down(_: object) -> None:
    raise BusUnavailable("down")


def test_f6_a_task_delivered_twice_tells_once(bus: Redis, booking: Booking) -> None:
    heard = listen(bus, booking.owner_id)
    work_off()
    job = Job.objects.get(name="bookings.announce")
    assert RUNS[job.name].deliver(str(job.id)).value == "dropped"
    # As a job that was retried by hand is.
    Job.objects.filter(id=job.id).update(state=State.SENT, sent_at=job.sent_at, started_at=None)
    assert RUNS[job.name].deliver(str(job.id)).value == "done"
    assert Notification.objects.count() == 1
    assert [event["type"] for event in events(heard)] == ["new_notification", "unread_update"]


def test_nothing_is_heard_of_what_was_rolled_back(
    bus: Redis, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listen(bus, booking.owner_id)
    monkeypatch.setattr("core.notifications.actions.notify._store", _store_then_fail)
    assert work_off() == [("bookings.announce", "put off")]
    assert not Notification.objects.exists()
    assert events(heard) == []


def _store_then_fail(*args: object) -> list[object]:
    Notification.objects.create(
        user=User.objects.earliest("created_at"), event_key="x", title="x", message="x",
        related_object_id=UUID(int=1), notification_type="message",
    )  # fmt: skip
    raise RuntimeError("the worker fails behind the INSERT")


def test_f5_without_the_bus_the_notification_is_there(booking: Booking, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert work_off() == [("bookings.announce", "done")]
    assert Notification.objects.count() == 1
