"""Bookings nobody answers: reminded once after 6 days, declined after 14."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.bookings.actions import waiting
from core.bookings.actions.decide import accept_booking, decline_booking, decline_expired
from core.bookings.actions.waiting import decline_overdue, remind_owners
from core.bookings.models import Booking
from core.jobs.models import Job, State
from core.jobs.schedules import Periods
from tests.booked import make_booking, make_service, told, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(accountant: User, client_user: User) -> Booking:
    made = make_booking(make_service(accountant), client_user)
    work_off()
    return made


def age(booking: Booking, **past: float) -> None:
    Booking.objects.filter(id=booking.id).update(created_at=timezone.now() - timedelta(**past))


def declines() -> int:
    return decline_overdue() and work_off().count(("bookings.decline_expired", "done"))


def test_the_owner_is_reminded_once(booking: Booking, accountant: User, client_user: User) -> None:
    age(booking, days=5, hours=23)
    assert remind_owners() == 0
    age(booking, days=6, hours=1)
    assert remind_owners() == 1
    work_off()
    text = "Amina Client is still waiting for your answer: Tax Preparation"
    expected = ("booking_created", "Booking Request Waiting", text, booking.id)
    assert told(accountant)[1:] == [expected]
    age(booking, days=9)
    assert remind_owners() == 0
    work_off()
    assert len(told(accountant)) == 2
    assert told(client_user) == []


@pytest.mark.parametrize("answer", [accept_booking, decline_booking])
def test_an_answer_makes_the_reminder_needless(
    booking: Booking, accountant: User, answer: Callable[..., Booking]
) -> None:
    """However long the reminder's job waited."""
    age(booking, days=7)
    assert remind_owners() == 1
    answer(actor=accountant, booking_id=booking.id)
    work_off()
    assert [title for _, title, _, _ in told(accountant)] == ["New Booking Request"]


def test_the_decided_are_left_alone(booking: Booking, accountant: User) -> None:
    accept_booking(actor=accountant, booking_id=booking.id)
    age(booking, days=30)
    assert (remind_owners(), decline_overdue()) == (0, 0)


def test_the_system_declines_with_the_usual_notification(
    booking: Booking, client_user: User, accountant: User
) -> None:
    age(booking, days=13, hours=23)
    assert declines() == 0
    age(booking, days=14, minutes=1)
    assert declines() == 1
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("declined", "expired")
    text = "Your booking for Tax Preparation has been declined"
    assert told(client_user) == [("booking_declined", "Booking Declined", text, booking.id)]
    assert len(told(accountant)) == 1
    assert declines() == 0


def test_nobody_is_reminded_of_what_is_about_to_be_declined(booking: Booking) -> None:
    age(booking, days=15)
    assert remind_owners() == 0


def test_a_booking_whose_decline_waits_or_died_is_not_asked_for_again(
    booking: Booking, client_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a batch of the dead would keep all others from their turn."""
    monkeypatch.setattr(waiting, "_BATCH", 1)
    age(booking, days=16)
    assert (decline_overdue(), decline_overdue()) == (1, 0)
    Job.objects.filter(name="bookings.decline_expired").update(state=State.DEAD)
    other = make_booking(booking.service, client_user)
    age(other, days=15)
    assert declines() == 1
    other.refresh_from_db()
    assert other.status == "declined"


def test_one_that_was_discarded_is_asked_for_again(booking: Booking) -> None:
    age(booking, days=15)
    decline_overdue()
    Job.objects.filter(name="bookings.decline_expired").update(state=State.DISCARDED)
    assert declines() == 1


def test_an_answer_in_the_last_moment_stands(booking: Booking, accountant: User) -> None:
    age(booking, days=15)
    decline_overdue()
    accept_booking(actor=accountant, booking_id=booking.id)
    work_off()
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_0_turns_them_off(booking: Booking, settings: Any) -> None:
    settings.BOOKING_REMINDER_DAYS = settings.BOOKING_EXPIRY_DAYS = 0
    age(booking, days=400)
    assert (remind_owners(), decline_overdue()) == (0, 0)
    assert decline_expired(booking_id=booking.id) is False


def test_reminding_works_while_declining_is_off(booking: Booking, settings: Any) -> None:
    settings.BOOKING_EXPIRY_DAYS = 0
    age(booking, days=400)
    assert remind_owners() == 1


def test_beat_asks_for_both() -> None:
    Periods().write_due(timezone.now())
    periodic = {"bookings.remind_owners", "bookings.decline_overdue", "bookings.delete_expired_claims"}
    assert periodic <= set(Job.objects.values_list("name", flat=True))
    assert periodic <= {name for name, outcome in work_off() if outcome == "done"}
