"""One delivery: what it does to the job, and what it leaves of a failed effect."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import correlation
from core.errors import PermanentError, TransientError
from core.jobs import outbox, policy
from core.jobs.catalogue import CATALOGUE, JobType, Queue, job
from core.jobs.models import Job, State
from workers.running import Outcome, Run

pytestmark = pytest.mark.django_db(transaction=True)
Body = Callable[[int], None]


def count(*, number: int) -> None:
    """Count."""


@pytest.fixture
def counting() -> Iterator[JobType[...]]:
    declared = job(Queue.EMAIL, max_attempts=2)(count)
    yield declared
    del CATALOGUE[declared.name]


def sent(counting: JobType[...]) -> Job:
    """A job that was published."""
    with transaction.atomic(), correlation.correlated("request-1"):
        job_id = counting(number=7)
    outbox.claim_due()
    return Job.objects.get(id=job_id)


def write(number: int) -> None:
    """An effect in the database."""
    Job.objects.create(name="effect", queue="none", params={"number": number})


def effects() -> int:
    return Job.objects.filter(name="effect").count()


def deliver(counting: JobType[...], row: Job, body: Callable[..., None]) -> Outcome:
    outcome = Run(counting, body).deliver(str(row.id))
    row.refresh_from_db()
    return outcome


def test_done_with_its_effect(counting: JobType[...]) -> None:
    row = sent(counting)
    assert deliver(counting, row, write) is Outcome.DONE
    assert (row.state, row.attempts, effects()) == (State.DONE, 1, 1)


def test_a_second_delivery_is_dropped(counting: JobType[...]) -> None:
    row = sent(counting)
    deliver(counting, row, write)
    assert deliver(counting, row, write) is Outcome.DROPPED
    assert (row.attempts, effects()) == (1, 1)


@pytest.mark.parametrize("job_id", ["", "x", "6f1c1c52-64c5-4d0a-9a4e-3f0d7f2b8a11"])
def test_unknown_ids_are_dropped(counting: JobType[...], job_id: str) -> None:
    assert Run(counting, write).deliver(job_id) is Outcome.DROPPED


def test_a_job_of_another_name_is_dropped(counting: JobType[...]) -> None:
    row = sent(counting)
    Job.objects.filter(id=row.id).update(name="other.job")
    assert deliver(counting, row, write) is Outcome.DROPPED


@pytest.mark.parametrize("fault", [TransientError("later"), ZeroDivisionError("bug")])
def test_a_fault_takes_the_effect_back_and_puts_the_job_off(counting: JobType[...], fault: Exception) -> None:
    row, began = sent(counting), timezone.now()
    assert deliver(counting, row, failing(fault)) is Outcome.PUT_OFF
    assert (row.state, row.attempts, effects()) == (State.PENDING, 1, 0)
    assert began < row.run_at < timezone.now() + timedelta(seconds=policy.FIRST_DELAY)
    assert str(fault) in row.error


def test_past_the_cap_it_is_dead_with_its_trace(counting: JobType[...]) -> None:
    row = sent(counting)
    deliver(counting, row, failing(TransientError("first")))
    Job.objects.filter(id=row.id).update(run_at=timezone.now())
    outbox.claim_due()
    assert deliver(counting, row, failing(TransientError("second"))) is Outcome.DEAD
    assert (row.state, row.attempts, effects()) == (State.DEAD, 2, 0)
    assert "second" in row.error
    assert "Traceback" in row.error


def test_a_permanent_fault_is_dead_at_once(counting: JobType[...]) -> None:
    row = sent(counting)
    assert deliver(counting, row, failing(PermanentError("hopeless"))) is Outcome.DEAD
    assert (row.attempts, effects()) == (1, 0)


def test_the_trace_keeps_nobodys_data_and_no_nul(counting: JobType[...]) -> None:
    row = sent(counting)
    said = '{"password": "Sahara-1"} 858798 amina@example.com \x00 \ud800 \nDETAIL:  Key (name)=(Amina).'
    deliver(counting, row, failing(ValueError(said)))
    assert not [told for told in ("Sahara-1", "858798", "example", "Amina") if told in row.error]
    assert "ValueError" in row.error


def test_an_attempt_that_never_ended_is_counted_and_put_off(counting: JobType[...]) -> None:
    """As a kill -9 leaves it: begun, and no longer locked."""
    row = sent(counting)
    Job.objects.filter(id=row.id).update(attempts=1, started_at=timezone.now())
    assert deliver(counting, row, write) is Outcome.PUT_OFF
    assert (row.attempts, effects()) == (1, 0)
    assert "died" in row.error


def test_events_leave_after_commit(counting: JobType[...]) -> None:
    row = sent(counting)
    seen: list[str] = []

    def tell(number: int) -> None:
        transaction.on_commit(lambda: seen.append(Job.objects.get(id=row.id).state))
        assert not seen

    deliver(counting, row, tell)
    assert seen == [State.DONE]


def test_a_fault_after_commit_leaves_it_done(counting: JobType[...]) -> None:
    row = sent(counting)

    def tell(number: int) -> None:
        write(number)
        transaction.on_commit(failing_now)

    deliver(counting, row, tell)
    assert (row.state, effects()) == (State.DONE, 1)


def failing_now() -> None:
    raise OSError("nobody listens")


def test_it_runs_and_is_logged_under_the_request_id(
    counting: JobType[...], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    caplog.set_level(logging.INFO, "jobs")
    deliver(counting, sent(counting), lambda number: seen.append(correlation.request_id()))
    assert seen == ["request-1"]
    (record,) = caplog.records
    assert (record.job, record.outcome, record.attempt) == (counting.name, "done", 1)  # type: ignore[attr-defined]


SAID = TransientError(
    "mail: server refused (451): quota; code 858798 for amina@example.com\nDETAIL:  Key (name)=(Amina)"
)
REASON = "TransientError: mail: server refused (451): quota; code [number] for [email]"


def test_the_log_tells_why_it_was_put_off(counting: JobType[...], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "jobs")
    deliver(counting, sent(counting), failing(SAID))
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("INFO", None)
    assert record.getMessage().endswith(f"ms: {REASON}")
    assert record.__dict__["reason"] == REASON


def test_a_dead_job_is_an_error_with_its_exception(
    counting: JobType[...], caplog: pytest.LogCaptureFixture
) -> None:
    fault = PermanentError("hopeless")
    deliver(counting, sent(counting), failing(fault))
    (record,) = caplog.records
    assert (record.levelname, record.__dict__["reason"]) == ("ERROR", "PermanentError: hopeless")
    assert record.exc_info
    assert record.exc_info[1] is fault


def failing(fault: Exception) -> Callable[..., None]:
    def body(number: int) -> None:
        write(number)
        raise fault

    return body
