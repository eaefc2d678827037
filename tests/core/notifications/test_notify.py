"""Telling people: decision F6, no second notification for the same (event, user)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.notifications.actions.notify import Notice, notify
from core.notifications.models import Notification, NotificationType
from core.notifications.queries import unread_count
from tests.cast import make_user
from tests.parallel import at_once

HAPPENED = datetime(2026, 11, 1, 9, 30, 0, 250_001, tzinfo=UTC)


def a_notice(key: str = "fact:1", about: UUID | None = None) -> Notice:
    return Notice(
        event_key=key,
        notification_type=NotificationType.MESSAGE,
        title="New message from Jane",
        message="Jane in Tax: 100% sure?",
        related_object_id=about or uuid4(),
        happened_at=HAPPENED,
    )


@pytest.mark.django_db
def test_everyone_selected_is_told_in_one_statement() -> None:
    users = [make_user() for _ in range(5)]
    with CaptureQueriesContext(connection) as queries:
        assert len(notify(a_notice(), recipients=User.objects.exclude(id=users[0].id).values("id"))) == 4
    assert len(queries) == 1
    assert set(Notification.objects.values_list("user_id", flat=True)) == {u.id for u in users[1:]}
    assert [unread_count(user.id) for user in users] == [0, 1, 1, 1, 1]


@pytest.mark.django_db
def test_what_is_stored_is_what_was_told(client_user: User) -> None:
    notice = a_notice()
    notify(notice, recipients=User.objects.filter(id=client_user.id).values("id"))
    stored = Notification.objects.get()
    assert (stored.title, stored.message) == (notice.title, notice.message)
    assert stored.related_object_id == notice.related_object_id
    assert (stored.notification_type, stored.is_read) == ("message", False)
    assert stored.created_at == HAPPENED


@pytest.mark.django_db
def test_f6_nobody_is_told_twice(client_user: User) -> None:
    assert len(notify(a_notice(), recipients=User.objects.values("id"))) == 1
    assert len(notify(a_notice(), recipients=User.objects.values("id"))) == 0
    newcomer = make_user()
    assert len(notify(a_notice(), recipients=User.objects.values("id"))) == 1
    assert len(notify(a_notice("fact:2"), recipients=User.objects.values("id"))) == 2
    assert (unread_count(client_user.id), unread_count(newcomer.id)) == (2, 2)


@pytest.mark.django_db
def test_f6_telling_again_leaves_a_read_one_read(client_user: User) -> None:
    notify(a_notice(), recipients=User.objects.values("id"))
    Notification.objects.update(is_read=True)
    notify(a_notice(), recipients=User.objects.values("id"))
    assert unread_count(client_user.id) == 0


@pytest.mark.django_db(transaction=True)
def test_f6_told_at_once_by_several() -> None:
    users = [make_user() for _ in range(20)]
    recipients = User.objects.filter(id__in=[user.id for user in users]).values("id")
    told = at_once(*(lambda: notify(a_notice(), recipients=recipients) for _ in range(6)))
    assert sum(map(len, told)) == 20
    assert [unread_count(user.id) for user in users] == [1] * 20


@pytest.mark.django_db(transaction=True)
def test_overlapping_fan_outs_do_not_deadlock() -> None:
    ids = [make_user().id for _ in range(30)]

    def tell(number: int) -> int:
        some = ids if number % 2 else list(reversed(ids))
        recipients = User.objects.filter(id__in=some[: 20 + number]).order_by("?").values("id")
        return len(notify(a_notice(f"fact:{number}"), recipients=recipients))

    told = at_once(*(lambda number=number: tell(number) for number in range(8)))
    assert sum(told) == sum(unread_count(user_id) for user_id in ids) == sum(range(20, 28))
