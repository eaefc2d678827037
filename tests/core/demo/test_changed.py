"""`make demo` after its users have changed things: none of it is undone, and it always tells who is who."""

from io import StringIO

import pytest
from django.core.management import call_command

from core.accounts.actions.deletion import delete_account
from core.accounts.models import AccountStatus, User
from core.bookings.models import Booking
from core.chat.actions.members import remove_member
from core.chat.actions.rooms import delete_room
from core.chat.models import Membership, Message, Room
from core.demo import cast, talk
from core.demo.queries import demo_password
from core.marketplace.actions import delete_service
from core.marketplace.models import Service
from tests.parallel import at_once
from workers.accounts import erase_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_categories")]
EMAILS = {person.email for person in cast.PEOPLE}


def make_demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def passwords(told: str) -> dict[str, str]:
    rows = [line.split() for line in told.splitlines()[1:] if not line.startswith("left out: ")]
    return {email: password for email, password, *_ in rows}


def person(email: str) -> User:
    return User.objects.get(email=email)


def leave(email: str) -> None:
    user = person(email)
    delete_account(actor=user, password=demo_password(email), code=None)
    erase_account(user_id=user.id)


def test_a_seller_who_took_her_course_off_is_left_so() -> None:
    make_demo()
    course = Service.objects.get(title=cast.COURSE)
    delete_service(actor=course.user, service_id=course.id)
    leave(cast.YACINE)
    told = make_demo()
    assert passwords(told) == {email: demo_password(email) for email in EMAILS}
    assert not Service.objects.get(title=cast.COURSE).is_active


@pytest.mark.parametrize("email", [cast.SOFIA, cast.YACINE])
def test_who_deleted_their_account_comes_again_with_all_of_it(email: str) -> None:
    make_demo()
    before = person(email)
    listed = Service.objects.filter(is_listed=True).count()
    leave(email)
    told = make_demo()
    assert passwords(told)[email] == demo_password(email)
    assert "left out" not in told
    again = person(email)
    assert again.id != before.id
    assert Service.objects.filter(is_listed=True).count() == listed
    assert Booking.objects.filter(client=again).exists() or Booking.objects.filter(accountant=again).exists()
    assert Room.objects.filter(is_dm=True, memberships__user=again).exists()
    assert make_demo() == told


def test_a_student_who_comes_again_sits_in_the_class_and_repeats_nothing() -> None:
    make_demo()
    leave(cast.LINA)
    make_demo()
    room = Room.objects.get(name=talk.GROUP)
    assert room.memberships.filter(user=person(cast.LINA)).exists()
    said = Message.objects.filter(room=room, client_message_id__isnull=False)
    assert said.count() == len(talk.CLASS_TALK.lines)


def test_who_was_taken_out_of_the_class_is_not_brought_back() -> None:
    make_demo()
    room, karim = Room.objects.get(name=talk.GROUP), person(cast.KARIM)
    remove_member(actor=room.creator, room_id=room.id, user_id=karim.id)
    make_demo()
    assert not Membership.objects.filter(room=room, user=karim).exists()


def test_a_class_that_its_teacher_closed_stays_closed() -> None:
    make_demo()
    room = Room.objects.get(name=talk.GROUP)
    delete_room(actor=room.creator, room_id=room.id)
    told = make_demo()
    assert passwords(told).keys() == EMAILS
    assert Room.objects.filter(name=talk.GROUP).count() == 1


def test_a_password_that_was_changed_is_not_told_as_if_it_held() -> None:
    make_demo()
    karim = person(cast.KARIM)
    karim.set_password("Ghardaia-1048")
    karim.save()
    User.objects.filter(email=cast.OMAR).update(account_status=AccountStatus.SUSPENDED)
    told = passwords(make_demo())
    assert told[cast.KARIM] == "(changed)"
    assert told[cast.OMAR] == "(suspended)"
    assert told[cast.SOFIA] == demo_password(cast.SOFIA)


@pytest.mark.parametrize("email", [cast.SOFIA, cast.KARIM])
def test_what_a_suspended_one_may_not_do_is_left_out(email: str) -> None:
    make_demo()
    User.objects.filter(email=email).update(account_status=AccountStatus.SUSPENDED)
    leave(cast.LINA)
    assert passwords(make_demo()).keys() == EMAILS


@pytest.mark.django_db(transaction=True)
def test_two_first_runs_at_once_make_it_once() -> None:
    told = at_once(make_demo, make_demo)
    assert told[0] == told[1]
    assert User.objects.count() == len(EMAILS)
    assert Service.objects.count() == len(cast.OFFERS)
