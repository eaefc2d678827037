"""Beat's part: a row for each job and period, whoever writes it and however late."""

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs.catalogue import JobType
from core.jobs.models import Job, State
from core.jobs.schedules import Periods, period_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rows(sweeping: JobType[...]) -> list[datetime | None]:
    return list(Job.objects.filter(name=sweeping.name).order_by("period").values_list("period", flat=True))


def test_periods_are_aligned() -> None:
    assert period_of(NOON + timedelta(minutes=59, seconds=59), HOUR) == NOON
    assert period_of(NOON + HOUR, HOUR) == NOON + HOUR


def test_once_a_period(sweeping: JobType[...]) -> None:
    periods = Periods()
    for minutes in (0, 1, 59):
        periods.write_due(NOON + timedelta(minutes=minutes))
    assert rows(sweeping) == [NOON]


def test_a_second_beat_adds_nothing(sweeping: JobType[...]) -> None:
    assert sweeping.name in Periods().write_due(NOON)
    Job.objects.update(state=State.DONE)
    assert sweeping.name not in Periods().write_due(NOON + timedelta(minutes=5))
    assert rows(sweeping) == [NOON]


def test_a_beat_that_was_down_catches_up_once(sweeping: JobType[...]) -> None:
    Periods().write_due(NOON)
    Job.objects.update(state=State.DONE)
    Periods().write_due(NOON + 7 * HOUR)
    assert rows(sweeping) == [NOON, NOON + 7 * HOUR]


def test_runs_do_not_pile_up_while_nothing_carries_them_out(sweeping: JobType[...]) -> None:
    periods = Periods()
    for hours in range(5):
        periods.write_due(NOON + hours * HOUR)
    assert rows(sweeping) == [NOON]


def test_the_latest_run_is_kept_so_that_its_period_is_known(sweeping: JobType[...]) -> None:
    from core.jobs.actions import delete_finished

    for hours in range(3):
        Periods().write_due(NOON + hours * HOUR)
        Job.objects.update(state=State.DONE, finished_at=NOON - timedelta(days=400))
    delete_finished()
    assert rows(sweeping) == [NOON + 2 * HOUR]
