"""`make demo`: a data set that can be tried at once, and that a second run doesn't double."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from core.accounts.models import User
from core.bookings.models import Booking
from core.chat.models import Message, Room
from core.demo import cast
from core.marketplace.models import Service
from tests.cast import Api

pytestmark = pytest.mark.django_db
COUNTED = (User, Service, Booking, Room, Message)


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


def test_it_is_refused_where_settings_do_not_allow_it(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="local runs"):
        make_demo()
    assert not User.objects.exists()
