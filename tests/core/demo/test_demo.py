"""`make demo`: a data set that can be tried at once, and that a second run doesn't double."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts.models import User, UserType
from core.bookings.models import Booking, BookingStatus
from core.chat.actions.reading import mark_read
from core.chat.models import Message, PendingFile, Room
from core.chat.queries import unread_count
from core.demo import cast, talk
from core.demo.queries import demo_password
from core.marketplace.models import Category, Service
from tests.cast import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_categories")]
COUNTED = (User, Service, Booking, Room, Message, PendingFile)


def make_demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_each_printed_password_logs_in(api: Api) -> None:
    rows = [line.split() for line in make_demo().splitlines()[1:]]
    assert {row[0] for row in rows} == {person.email for person in cast.PEOPLE}
    for email, password, role, *_ in rows:
        body = api.post("/auth/login/", {"email": email, "password": password}).json()
        assert body["user"]["user_type"] == role


def test_a_second_run_doubles_nothing() -> None:
    first = make_demo()
    counts = [model.objects.count() for model in COUNTED]
    assert all(counts)
    assert make_demo() == first
    assert [model.objects.count() for model in COUNTED] == counts


def test_there_is_something_of_everything() -> None:
    make_demo()
    assert set(User.objects.values_list("user_type", flat=True)) == set(UserType.values)
    assert set(Booking.objects.values_list("status", flat=True)) == set(BookingStatus.values)
    assert set(Room.objects.values_list("is_dm", flat=True)) == {True, False}
    moments = list(
        Message.objects.filter(room__name=talk.GROUP).order_by("seq").values_list("sent_at", flat=True)
    )
    assert len(moments) > 20
    assert moments == sorted(moments)
    assert {unread_count(user.id) > 0 for user in User.objects.all()} == {True, False}


def test_what_was_read_meanwhile_stays_read() -> None:
    make_demo()
    karim = User.objects.get(email=cast.KARIM)
    for room in Room.objects.filter(memberships__user=karim):
        mark_read(actor=karim, room_id=room.id)
    make_demo()
    assert unread_count(karim.id) == 0


def test_other_categories_serve_where_some_were_taken_away() -> None:
    Category.objects.exclude(name="Auditing").update(is_active=False)
    make_demo()
    assert set(Service.objects.values_list("categories__name", flat=True)) == {"Auditing"}


def test_without_a_category_it_says_so() -> None:
    Category.objects.update(is_active=False)
    told = make_demo()
    assert "At least one category" in told
    assert told.count("@demo.example  ") == len(cast.PEOPLE)


def test_it_is_refused_where_settings_do_not_allow_it(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="local runs"):
        make_demo()
    assert not User.objects.exists()


def test_its_administrator_enters_the_admin(client: Client) -> None:
    make_demo()
    body = {"username": cast.NOUR, "password": demo_password(cast.NOUR)}
    assert client.post("/admin/login/?next=/admin/", body)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
