"""Accepting, declining and withdrawing: decisions C6, C7, C9 and C10."""

from uuid import uuid4

import pytest

from core.accounts.models import User
from core.bookings.models import Booking
from core.marketplace.models import Service
from core.notifications.models import Notification
from tests.booked import make_booking, told, work_off
from tests.cast import Api
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
DECISIONS = {"accept": "confirmed", "decline": "declined"}
each_decision = pytest.mark.parametrize("verb", DECISIONS)


def path(booking: Booking, verb: str) -> str:
    return f"/bookings/{booking.id}/{verb}/"


def test_accept_works(api: Api, booking: Booking, accountant: User, client_user: User) -> None:
    answer = api.post(path(booking, "accept"), user=accountant)
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "Booking accepted successfully",
        "booking_id": str(booking.id),
        "status": "confirmed",
        "client_id": str(client_user.id),
        "accountant_id": str(accountant.id),
    }
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("confirmed", "")


def test_decline_works_and_names_no_client(api: Api, booking: Booking, accountant: User) -> None:
    answer = api.post(path(booking, "decline"), user=accountant)
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "Booking declined successfully",
        "booking_id": str(booking.id),
        "status": "declined",
    }
    booking.refresh_from_db()
    assert (booking.status, booking.decline_reason) == ("declined", "owner")


def test_a_needed_service_is_decided_by_its_client(
    api: Api, needed: Service, client_user: User, accountant: User
) -> None:
    proposal = make_booking(needed, accountant)
    assert api.post(path(proposal, "accept"), user=accountant).status_code == 403
    assert api.post(path(proposal, "accept"), user=client_user).status_code == 200


@each_decision
def test_a_body_does_not_matter(api: Api, booking: Booking, accountant: User, verb: str) -> None:
    answer = api.post(path(booking, verb), raw=b"{{ not json", user=accountant)
    assert answer.status_code == 200


@each_decision
def test_c6_anyone_but_the_owner(
    api: Api, booking: Booking, client_user: User, stranger: User, admin_user: User, verb: str
) -> None:
    for user in (client_user, stranger, admin_user):
        answer = api.post(path(booking, verb), user=user)
        assert answer.status_code == 403
        assert answer.json() == {"error": f"Only the service owner can {verb} this booking"}
    booking.refresh_from_db()
    assert booking.status == "pending"


@each_decision
@pytest.mark.parametrize("first", DECISIONS)
def test_a_decision_is_final(api: Api, booking: Booking, accountant: User, verb: str, first: str) -> None:
    api.post(path(booking, first), user=accountant)
    answer = api.post(path(booking, verb), user=accountant)
    assert answer.status_code == 400
    message = f"Cannot {verb} booking with status: {DECISIONS[first]}"
    assert answer.json() == {"error": message}


@each_decision
def test_c6_unknown_ids(api: Api, accountant: User, verb: str) -> None:
    answer = api.post(f"/bookings/{uuid4()}/{verb}/", user=accountant)
    assert (answer.status_code, answer.json()) == (404, {"error": "Booking not found"})
    assert api.post(f"/bookings/no-uuid/{verb}/", user=accountant).status_code == 404


@pytest.mark.parametrize("verb", [*DECISIONS, "withdraw"])
def test_anonymous(api: Api, booking: Booking, verb: str) -> None:
    answer = api.post(path(booking, verb))
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_c7_the_requester_hears_of_an_offered_service(
    api: Api, booking: Booking, accountant: User, client_user: User
) -> None:
    api.post(path(booking, "accept"), user=accountant)
    work_off()
    text = "Your booking for Tax Preparation has been confirmed"
    expected = ("booking_accepted", "Booking Confirmed", text, booking.id)
    assert told(client_user) == [expected]
    assert [kind for kind, *_ in told(accountant)] == ["booking_created"]


def test_c7_the_proposer_hears_of_a_needed_service(
    api: Api, needed: Service, accountant: User, client_user: User
) -> None:
    proposal = make_booking(needed, accountant)
    api.post(path(proposal, "decline"), user=client_user)
    work_off()
    text = "Your booking for Yearly Balance has been declined"
    assert told(accountant) == [("booking_declined", "Booking Declined", text, proposal.id)]
    assert [kind for kind, *_ in told(client_user)] == ["booking_created"]


def test_c9_an_accepted_course(api: Api, course: Service, academic: User, accountant: User) -> None:
    taken = make_booking(course, academic)
    api.post(path(taken, "accept"), user=accountant)
    work_off()
    ((_, _, message, _),) = told(academic)
    assert message == (
        "Your booking for Accounting Fundamentals has been confirmed. You will be added to the course chat."
    )


def test_withdraw_works(api: Api, booking: Booking, client_user: User, accountant: User) -> None:
    answer = api.post(path(booking, "withdraw"), user=client_user)
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "Booking withdrawn successfully",
        "booking_id": str(booking.id),
        "status": "declined",
    }
    detail = api.get(f"/bookings/{booking.id}/", user=accountant).json()
    assert (detail["status"], detail["decline_reason"]) == ("declined", "withdrawn")
    work_off()
    text = "Amina Client withdrew the booking for Tax Preparation"
    assert told(accountant)[-1] == ("booking_declined", "Booking Declined", text, booking.id)
    assert told(client_user) == []


def test_only_the_requester_withdraws(api: Api, booking: Booking, accountant: User, stranger: User) -> None:
    own = "Only the person who made this booking can withdraw it."
    other = "You do not have permission to perform this action."
    for user, message in ((accountant, own), (stranger, other)):
        answer = api.post(path(booking, "withdraw"), user=user)
        assert (answer.status_code, answer.json()) == (403, {"detail": message})
    answer = api.post(f"/bookings/{uuid4()}/withdraw/", user=accountant)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_only_a_pending_booking_is_withdrawn(
    api: Api, booking: Booking, accountant: User, client_user: User
) -> None:
    api.post(path(booking, "accept"), user=accountant)
    answer = api.post(path(booking, "withdraw"), user=client_user)
    assert answer.status_code == 400
    assert answer.json() == {"status": ["Cannot withdraw booking with status: confirmed"]}


@pytest.mark.django_db(transaction=True)
def test_c10_of_parallel_decisions_one_wins(booking: Booking, accountant: User, client_user: User) -> None:
    verbs = ["accept", "decline"] * 4
    steps = [lambda verb=verb: Api().post(path(booking, verb), user=accountant) for verb in verbs]
    answers = at_once(*steps)
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    status = won[0]["status"]
    for verb, answer in zip(verbs, answers, strict=True):
        if answer.status_code != 200:
            assert answer.status_code == 400
            assert answer.json() == {"error": f"Cannot {verb} booking with status: {status}"}
    work_off()
    assert Notification.objects.filter(user=client_user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_c10_routes_and_parties_race_too(booking: Booking, accountant: User, client_user: User) -> None:
    update = f"/bookings/{booking.id}/update/"
    answers = at_once(
        lambda: Api().patch(update, {"status": "confirmed"}, user=accountant),
        lambda: Api().patch(update, {"status": "declined"}, user=accountant),
        lambda: Api().post(path(booking, "accept"), user=accountant),
        lambda: Api().post(path(booking, "withdraw"), user=client_user),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    work_off()
    decided = ("booking_accepted", "booking_declined")
    assert Notification.objects.filter(notification_type__in=decided).count() == 1
