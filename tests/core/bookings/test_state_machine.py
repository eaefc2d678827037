"""Whatever is asked in whatever order: pending becomes confirmed or declined once, and is told once."""

from collections.abc import Callable
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.accounts.models import User
from core.bookings.actions.announce import announce_booking
from core.bookings.actions.decide import (
    accept_booking,
    decline_booking,
    decline_expired,
    withdraw_booking,
)
from core.bookings.actions.update import update_booking
from core.bookings.errors import BookingNotPending, NotTheOwner, NotTheRequester
from core.bookings.models import Booking, BookingStatus
from core.errors import DomainError, Forbidden, Invalid
from core.notifications.models import Notification
from tests.booked import make_booking, make_service, work_off
from tests.cast import make_user

PEOPLE = st.sampled_from(["owner", "requester", "stranger"])
STATUSES = st.sampled_from(list(BookingStatus))


def refusal_of(action: Callable[..., object], **kwargs: object) -> DomainError | None:
    """What the action says no with; None if it is carried out."""
    try:
        action(**kwargs)
    except DomainError as error:
        return error
    return None


class BookingLife(RuleBasedStateMachine):
    """A model of one booking beside the real one."""

    @initialize(kind=st.sampled_from(["offered", "course", "needed"]))
    def begin(self, kind: str) -> None:
        client = make_user("academic" if kind == "course" else "client")
        accountant = make_user("accountant")
        owner, requester = (client, accountant) if kind == "needed" else (accountant, client)
        service = make_service(owner, is_course=kind == "course")
        self.people: dict[str, User] = {
            "owner": owner,
            "requester": requester,
            "stranger": make_user("accountant"),
        }
        self.booking = make_booking(service, requester)
        self.status, self.reason = "pending", ""

    @rule(who=PEOPLE, to=st.sampled_from(["confirmed", "declined"]))
    def decide(self, who: str, to: str) -> None:
        action = accept_booking if to == "confirmed" else decline_booking
        refusal = refusal_of(action, actor=self.people[who], booking_id=self.booking.id)
        if who != "owner":
            assert isinstance(refusal, NotTheOwner)
        else:
            self.settle(refusal, to, "owner")

    @rule(who=PEOPLE)
    def withdraw(self, who: str) -> None:
        refusal = refusal_of(withdraw_booking, actor=self.people[who], booking_id=self.booking.id)
        if who == "stranger":
            assert type(refusal) is Forbidden
        elif who == "owner":
            assert isinstance(refusal, NotTheRequester)
        else:
            self.settle(refusal, "declined", "withdrawn")

    def settle(self, refusal: DomainError | None, to: str, reason: str) -> None:
        """Who decides may do so: refused once the booking is no longer pending, else made."""
        if self.status != "pending":
            assert isinstance(refusal, BookingNotPending)
            assert refusal.status == self.status
        else:
            assert refusal is None
            self.status, self.reason = to, reason if to == "declined" else ""

    @rule(who=PEOPLE, to=st.none() | STATUSES, name=st.sampled_from(["A", "B"]))
    def update(self, who: str, to: BookingStatus | None, name: str) -> None:
        refusal = refusal_of(
            update_booking,
            actor=self.people[who],
            booking_id=self.booking.id,
            texts={"full_name": name},
            status=to,
        )
        wrong = set()
        if to is not None and who != "owner":
            wrong.add("non_field_errors")
        if to is not None and (self.status != "pending" or to == "pending"):
            wrong.add("status")
        if who == "stranger":
            assert type(refusal) is Forbidden
        elif wrong:
            assert isinstance(refusal, Invalid)
            assert set(refusal.fields) == wrong
        else:
            assert refusal is None
            if to is not None:
                self.status, self.reason = str(to), "owner" if to == "declined" else ""

    @rule()
    def expire_too_early(self) -> None:
        assert decline_expired(booking_id=self.booking.id) is False

    @rule()
    def work(self) -> None:
        work_off()

    @rule(event=st.sampled_from(["created", "accepted", "declined"]))
    def deliver_again(self, event: str) -> None:
        """A repeated delivery of what was told already."""
        key = f"booking:{self.booking.id}:{event}"
        if Notification.objects.filter(event_key=key).exists():
            announce_booking(booking_id=self.booking.id, event=event)

    @invariant()
    def the_row_is_as_the_model_says(self) -> None:
        found = Booking.objects.get(id=self.booking.id)
        assert (found.status, found.decline_reason) == (self.status, self.reason)
        assert (found.decided_at is None) == (found.status == "pending")

    def teardown(self) -> None:
        work_off()
        about = Notification.objects.filter(related_object_id=self.booking.id)
        assert sorted(about.values_list("user_id", "notification_type")) == sorted(self._due())

    def _due(self) -> list[tuple[UUID, str]]:
        owner, requester = self.people["owner"].id, self.people["requester"].id
        due = [(owner, "booking_created")]
        if self.status == "confirmed":
            due.append((requester, "booking_accepted"))
        if self.status == "declined":
            told = owner if self.reason == "withdrawn" else requester
            due.append((told, "booking_declined"))
        return due


@pytest.mark.django_db
def test_the_life_of_a_booking() -> None:
    run_state_machine_as_test(
        BookingLife,
        settings=settings(max_examples=40, stateful_step_count=15),
    )
