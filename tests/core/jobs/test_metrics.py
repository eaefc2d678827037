"""What the relay counts, and what it says of the queues."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from core.jobs import depths, metrics
from core.jobs.catalogue import JobType, Queue
from core.jobs.models import Job, State
from core.jobs.publisher import Publisher
from core.jobs.relay import Relay
from tests.cast import make_user
from tests.scraping import counted

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> dict[tuple[str, ...], float]:
    """Every sample of the collector by its labels."""
    families = metrics.LedgerCollector().collect()
    return {tuple(s.labels.values()): s.value for family in families for s in family.samples}


def add(state: State, *, queue: str = "email", due_ago: float = 0.0, **fields: object) -> None:
    run_at = timezone.now() - timedelta(seconds=due_ago)
    Job.objects.create(name="x.y", queue=queue, state=state, run_at=run_at, **fields)


def test_each_queue_is_told_by_state() -> None:
    add(State.PENDING, due_ago=30)
    add(State.PENDING, due_ago=-60)
    add(State.SENT, due_ago=20, sent_at=timezone.now())
    add(State.DEAD, queue="files")
    add(State.DONE)
    samples = told()
    assert [samples["email", state] for state in ("due", "delayed", "sent", "dead")] == [1, 1, 1, 0]
    assert samples["files", "dead"] == 1
    assert samples["email",] >= 30
    assert samples["files",] == 0
    assert {labels[0] for labels in samples} == set(Queue)


def test_a_job_under_way_waits_no_more() -> None:
    now = timezone.now()
    add(State.SENT, due_ago=500, sent_at=now, started_at=now)
    assert told()["email",] == 0


def test_an_absent_database_leaves_the_rest_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[depths.Depth]:
        raise OperationalError("away")

    monkeypatch.setattr(metrics, "depths", fail)
    assert told() == {}


def test_publishing_is_counted_with_its_lag(greeting: JobType[...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Publisher, "connect", lambda self: None)
    monkeypatch.setattr(Publisher, "publish", lambda self, jobs: None)
    with transaction.atomic():
        greeting(user_id=make_user().id)
    Job.objects.update(run_at=timezone.now() - timedelta(seconds=40))
    before = (
        counted("accountant_jobs_published_total", queue="email"),
        counted("accountant_outbox_lag_seconds_sum"),
    )
    Relay().tick()
    assert counted("accountant_jobs_published_total", queue="email") == before[0] + 1
    assert 40 <= counted("accountant_outbox_lag_seconds_sum") - before[1] < 100


def test_what_was_lost_is_counted_as_published_again(
    greeting: JobType[...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Publisher, "connect", lambda self: None)
    monkeypatch.setattr(Publisher, "publish", lambda self, jobs: None)
    monkeypatch.setattr(Publisher, "is_empty", lambda self, queue: True)
    with transaction.atomic():
        greeting(user_id=make_user().id)
    Job.objects.update(state=State.SENT, sent_at=timezone.now() - timedelta(minutes=1))
    before = counted("accountant_jobs_republished_total", queue="email")
    Relay().tick()
    assert counted("accountant_jobs_republished_total", queue="email") == before + 1
