"""Notifications follow what they tell of, whatever order their jobs are carried out in."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from core.accounts.models import User
from core.bookings.actions.announce import announce_booking
from core.bookings.actions.decide import accept_booking
from core.bookings.actions.waiting import remind_owners
from core.bookings.models import Booking
from core.chat.actions.announce import announce_message
from core.chat.models import Message
from core.jobs import outbox
from core.notifications.actions.reading import mark_all_read
from core.notifications.models import Notification
from core.notifications.queries import notifications_page, unread_count
from tests.booked import make_booking, make_service, work_off
from tests.chatting import make_group, say
from tests.parallel import at_once
from tests.workers.notifications.begun import begun
from workers.task import RUNS

pytestmark = pytest.mark.django_db(transaction=True)
SAID = [str(number) for number in range(25)]


@pytest.fixture
def messages(accountant: User, academic: User) -> list[Message]:
    """More than a page of them, said one after another; nobody was told of any yet."""
    room = make_group(accountant, academic, name="Tax")
    return [say(room, accountant, content) for content in SAID]


def announcements() -> list[outbox.Outgoing]:
    return [job for job in outbox.claim_due() if job.name == "chat.announce_message"]


def listed(user: User) -> list[dict[str, Any]]:
    pages = (json.loads(notifications_page(user, number).results) for number in (1, 2))
    return [item for page in pages for item in page]


def said(items: list[dict[str, Any]]) -> list[str]:
    return [item["message"].rpartition(" ")[2] for item in items]


def require_exact(user: User, unread: int) -> None:
    rows = Notification.objects.filter(user=user, is_read=False).count()
    assert (rows, unread_count(user.id)) == (unread, unread)


def test_jobs_carried_out_backwards(messages: list[Message], academic: User) -> None:
    for job in reversed(announcements()):
        assert RUNS[job.name].deliver(job.id) == "done"
    items = listed(academic)
    assert said(items) == SAID[::-1]
    times = [datetime.fromisoformat(item["created_at"]) for item in items]
    assert times == [message.sent_at for message in reversed(messages)]
    require_exact(academic, len(SAID))


def test_jobs_carried_out_at_once_and_backwards(messages: list[Message], academic: User) -> None:
    jobs = announcements()[::-1]

    def work(part: int) -> None:
        for job in jobs[part::4]:
            assert RUNS[job.name].deliver(job.id) == "done"

    at_once(*(lambda part=part: work(part) for part in range(4)))
    assert said(listed(academic)) == SAID[::-1]
    require_exact(academic, len(SAID))


def test_the_frame_says_the_same_time(messages: list[Message], academic: User) -> None:
    with Redis.from_url(settings.REDIS_URL) as bus:
        heard: Any = bus.pubsub(ignore_subscribe_messages=True)
        heard.subscribe(f"rt:user:{academic.id}")
        heard.get_message(timeout=30)
        (job, *_) = announcements()
        RUNS[job.name].deliver(job.id)
        event = json.loads(heard.get_message(timeout=30)["data"].partition(b"\n")[2])
    (item,) = json.loads(notifications_page(academic, 1).results)
    assert event["type"] == "new_notification"
    assert event["created_at"] == item["created_at"]


def test_a_booking_is_told_of_when_it_happened(accountant: User, client_user: User) -> None:
    booking = make_booking(make_service(accountant), client_user)
    Booking.objects.update(created_at=booking.created_at - timedelta(days=7))
    assert remind_owners() == 1
    booking.refresh_from_db()
    for event in ("reminder", "created"):
        with transaction.atomic():
            announce_booking(booking_id=booking.id, event=event)
    decided_at = accept_booking(actor=accountant, booking_id=booking.id).decided_at
    work_off()
    owners = list(Notification.objects.filter(user=accountant).order_by("created_at"))
    assert [news.title for news in owners] == ["New Booking Request", "Booking Request Waiting"]
    assert [news.created_at for news in owners] == [booking.created_at, booking.reminded_at]
    assert Notification.objects.get(user=client_user).created_at == decided_at


def test_news_of_the_same_moment_are_on_one_page_each(messages: list[Message], academic: User) -> None:
    Message.objects.update(sent_at=messages[0].sent_at)
    for job in announcements():
        RUNS[job.name].deliver(job.id)
    assert sorted(said(listed(academic))) == sorted(SAID)
    assert listed(academic) == listed(academic)


def test_older_news_told_after_all_were_marked_are_unread(messages: list[Message], academic: User) -> None:
    first, *rest = announcements()
    for job in rest:
        RUNS[job.name].deliver(job.id)
    assert mark_all_read(actor=academic) == (len(rest), 0)
    RUNS[first.name].deliver(first.id)
    assert [item["is_read"] for item in listed(academic)] == [True] * len(rest) + [False]
    require_exact(academic, 1)
    assert mark_all_read(actor=academic) == (1, 0)
    require_exact(academic, 0)


def test_older_news_under_way_while_all_are_marked(messages: list[Message], academic: User) -> None:
    with transaction.atomic():
        announce_message(message_id=messages[-1].id)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            announce_message(message_id=messages[0].id)
            marking = begun(pool, lambda: mark_all_read(actor=academic))
        assert marking.result() == (2, 0)
    require_exact(academic, 0)


def test_marking_under_a_stream_of_news_told_backwards(messages: list[Message], academic: User) -> None:
    jobs = announcements()[::-1]

    def tell(part: int) -> int:
        for job in jobs[part::2]:
            RUNS[job.name].deliver(job.id)
        return 0

    def mark() -> int:
        return sum(mark_all_read(actor=academic)[0] for _ in range(15))

    marked = sum(at_once(lambda: tell(0), lambda: tell(1), mark))
    require_exact(academic, len(SAID) - marked)
