"""The counter follows whatever is written to notifications, by whomever."""

import random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from core.accounts.models import User
from core.notifications.models import Notification, NotificationType, UnreadCounter
from core.notifications.queries import unread_count
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def note(user: User, *, is_read: bool = False, event_key: str | None = None) -> Notification:
    return Notification(
        user=user,
        notification_type=NotificationType.MESSAGE,
        title="New message",
        message="…",
        related_object_id=uuid4(),
        event_key=event_key or uuid4().hex,
        is_read=is_read,
    )


def test_counted_when_added_read_and_deleted() -> None:
    user = make_user()
    assert unread_count(user.id) == 0
    Notification.objects.bulk_create([note(user), note(user), note(user, is_read=True)])
    assert unread_count(user.id) == 2
    Notification.objects.filter(user=user).update(is_read=True)
    assert unread_count(user.id) == 0
    Notification.objects.filter(user=user).update(is_read=False)
    assert unread_count(user.id) == 3
    Notification.objects.filter(id=Notification.objects.filter(user=user)[:1].get().id).delete()
    assert unread_count(user.id) == 2


def test_each_user_is_counted_apart() -> None:
    anna, badr = make_user(), make_user()
    Notification.objects.bulk_create([note(anna), note(badr), note(badr)])
    Notification.objects.filter(user=anna).update(is_read=True)
    assert (unread_count(anna.id), unread_count(badr.id)) == (0, 2)


def test_told_once_counted_once() -> None:
    user = make_user()
    note(user, event_key="booking:1").save()
    Notification.objects.bulk_create([note(user, event_key="booking:1")], ignore_conflicts=True)
    assert unread_count(user.id) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        note(user, event_key="booking:1").save()
    assert unread_count(user.id) == 1


def test_rolled_back_is_not_counted() -> None:
    user = make_user()
    with transaction.atomic():
        note(user).save()
        transaction.set_rollback(True)
    assert unread_count(user.id) == 0


def test_changing_a_text_changes_no_count() -> None:
    user = make_user()
    note(user).save()
    Notification.objects.filter(user=user).update(title="Another")
    assert unread_count(user.id) == 1


def test_deleting_the_user_deletes_all() -> None:
    user = make_user()
    note(user).save()
    user.delete()
    assert not UnreadCounter.objects.filter(user_id=user.id).exists()


def test_exact_after_anything() -> None:
    people = [make_user() for _ in range(4)]
    dice = random.Random(3)
    for _ in range(150):
        some = dice.sample(people, k=dice.randrange(1, 4))
        theirs = Notification.objects.filter(user__in=some)
        match dice.randrange(4):
            case 0 | 1:
                Notification.objects.bulk_create([note(user, is_read=dice.random() < 0.2) for user in some])
            case 2:
                theirs.update(is_read=dice.random() < 0.7)
            case 3:
                Notification.objects.filter(id__in=list(theirs.values_list("id", flat=True)[:2])).delete()
        for user in people:
            by_hand = Notification.objects.filter(user=user, is_read=False).count()
            assert unread_count(user.id) == by_hand
