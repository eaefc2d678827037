"""Marking as read: decision E17, and counts that are right under races."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.jobs.models import Job
from core.notifications.actions.notify import Notice, notify
from core.notifications.actions.reading import mark_all_read, mark_read, mark_read_about
from core.notifications.models import Notification, NotificationType
from core.notifications.queries import unread_count
from tests.cast import make_user
from tests.parallel import at_once


def tell(user: User, *, about: UUID | None = None) -> UUID:
    notice = Notice(uuid4().hex, NotificationType.MESSAGE, "Title", "Text", about or uuid4(), timezone.now())
    notify(notice, recipients=User.objects.filter(id=user.id).values("id"))
    return Notification.objects.get(event_key=notice.event_key).id


@pytest.mark.django_db
def test_e17_all_about_one_object_is_marked(client_user: User, stranger: User) -> None:
    room, other = uuid4(), uuid4()
    for about in (room, other, room):
        tell(client_user, about=about)
    tell(stranger, about=room)
    assert mark_read_about(user_id=client_user.id, related_object_id=room) == 2
    assert mark_read_about(user_id=client_user.id, related_object_id=room) == 0
    assert (unread_count(client_user.id), unread_count(stranger.id)) == (1, 1)


@pytest.mark.django_db
def test_e19_a_change_of_the_count_is_pushed(client_user: User) -> None:
    notification_id = tell(client_user)
    for _ in range(2):
        mark_read(actor=client_user, notification_id=notification_id)
    mark_all_read(actor=client_user)
    pushes = Job.objects.filter(name="unread.push_counts")
    assert [job.params for job in pushes] == [{"user_id": str(client_user.id)}]


@pytest.mark.django_db(transaction=True)
def test_of_parallel_marks_one_counts(client_user: User) -> None:
    notification_id = tell(client_user)
    steps = [lambda: mark_read(actor=client_user, notification_id=notification_id) for _ in range(8)]
    assert sorted(at_once(*steps)) == [False] * 7 + [True]
    assert unread_count(client_user.id) == 0


@pytest.mark.django_db(transaction=True)
def test_parallel_marks_and_news_add_up(client_user: User) -> None:
    room = uuid4()
    ids = [tell(client_user, about=room) for _ in range(20)]
    other = make_user()

    def all_read() -> int:
        return mark_all_read(actor=client_user)[0]

    def news() -> int:
        for _ in range(5):
            tell(client_user, about=room)
            tell(other)
        return 0

    def about() -> int:
        return mark_read_about(user_id=client_user.id, related_object_id=room)

    def one_by_one() -> int:
        return sum(mark_read(actor=client_user, notification_id=one) for one in ids)

    marked = sum(at_once(all_read, news, one_by_one, about, news, all_read))
    unread = Notification.objects.filter(user=client_user, is_read=False).count()
    assert unread_count(client_user.id) == unread == 30 - marked
    assert unread_count(other.id) == 10


@pytest.mark.django_db(transaction=True)
def test_the_count_left_by_mark_all_is_exact(client_user: User) -> None:
    for _ in range(10):
        tell(client_user)
    results = at_once(*(lambda: mark_all_read(actor=client_user) for _ in range(4)))
    assert sorted(results) == [(0, 0), (0, 0), (0, 0), (10, 0)]
