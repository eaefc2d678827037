"""One row a minute, whoever asks and however often; a week of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from core.accounts.models import OtpPurpose, OtpRequest
from core.jobs.catalogue import Queue
from core.jobs.models import Job, State
from core.operations import actions
from core.operations.models import Sample
from tests.cast import make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=20, microsecond=0)
LAST_MINUTE = NOW.replace(second=0) - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("core.operations.actions.timezone.now", lambda: now)


def ended(state: State, at: datetime) -> None:
    Job.objects.create(name="x.y", queue="email", state=state, finished_at=at)


def mailed(seconds: float, at: datetime = LAST_MINUTE) -> None:
    made = OtpRequest.objects.create(user=make_user(), purpose=OtpPurpose.PASSWORD_RESET)
    times = {"created_at": at - timedelta(seconds=seconds), "mailed_at": at}
    OtpRequest.objects.filter(id=made.id).update(**times)


def test_the_minute_that_is_over() -> None:
    for seconds in (0, 59):
        ended(State.DONE, LAST_MINUTE + timedelta(seconds=seconds))
    for outside in (-1, 60):
        ended(State.DONE, LAST_MINUTE + timedelta(seconds=outside))
    ended(State.DEAD, LAST_MINUTE)
    for latency in (1, 2, 9):
        mailed(latency)
    Job.objects.create(
        name="x.y", queue="files", state=State.PENDING, run_at=datetime.now(UTC) - timedelta(seconds=1000)
    )
    Job.objects.create(
        name="x.y", queue="files", state=State.PENDING, run_at=datetime.now(UTC) + timedelta(hours=1)
    )
    actions.take_sample()
    sample = Sample.objects.get()
    assert (sample.at, sample.done, sample.dead, sample.delayed) == (LAST_MINUTE, 2, 1, 1)
    assert (sample.mails, sample.mail_median, sample.mail_slowest) == (3, 2.0, 9.0)
    assert set(sample.queues) == set(Queue)
    waiting, oldest = sample.queues["files"]
    assert waiting == 1
    assert 900 < oldest < 1100
    assert sample.queues["email"] == [0, 0]


def test_a_quiet_minute_has_no_latency() -> None:
    actions.take_sample()
    sample = Sample.objects.get()
    assert (sample.mails, sample.mail_median, sample.mail_slowest) == (0, None, None)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=3), timedelta(seconds=30)])
def test_a_minute_is_written_once(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    actions.take_sample()
    first = Sample.objects.values().get()
    ended(State.DONE, LAST_MINUTE)
    set_clock(monkeypatch, NOW + later)
    actions.take_sample()
    assert Sample.objects.values().get() == first


def test_a_repeat_across_the_turn_of_a_minute_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW.replace(second=59))
    actions.take_sample()
    set_clock(monkeypatch, NOW.replace(second=59) + timedelta(seconds=2))
    actions.take_sample()
    assert Sample.objects.count() == 1


def test_each_minute_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in range(3):
        set_clock(monkeypatch, NOW + timedelta(minutes=minutes))
        actions.take_sample()
    assert Sample.objects.count() == 3


def test_a_week_is_kept() -> None:
    for age in (actions.KEEP - timedelta(hours=1), actions.KEEP + timedelta(minutes=1)):
        Sample.objects.create(at=NOW - age, taken_at=NOW - age)
    actions.take_sample()
    assert Sample.objects.count() == 2
    assert Sample.objects.earliest("at").at == NOW - actions.KEEP + timedelta(hours=1)


def test_sockets_are_unknown_while_the_bus_is_away(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    actions.take_sample()
    assert Sample.objects.get().sockets is None
