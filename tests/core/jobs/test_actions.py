"""Dead jobs are retried or discarded; `manage.py jobs` says how the ledger stands."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.jobs import actions, policy
from core.jobs.models import Job, State

pytestmark = pytest.mark.django_db


def make(state: State, **fields: Any) -> Job:
    fields.setdefault("finished_at", timezone.now() if state not in ("pending", "sent") else None)
    return Job.objects.create(name="x.y", queue=fields.pop("queue", "email"), state=state, **fields)


def the_transactions_now() -> datetime:
    """What the ledger takes for now, however slowly the test runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def test_a_dead_job_gets_all_its_attempts_again() -> None:
    job = make(State.DEAD, attempts=10, error="Traceback")
    assert actions.retry_dead(job_ids=[job.id]) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (State.PENDING, 0, None)


def test_a_discarded_job_is_closed() -> None:
    job = make(State.DEAD)
    assert actions.discard_dead(job_ids=[job.id]) == 1
    job.refresh_from_db()
    assert job.state == State.DISCARDED


@pytest.mark.parametrize("state", [State.PENDING, State.SENT, State.DONE, State.DISCARDED])
def test_only_dead_jobs_are_handled(state: State) -> None:
    ids = [make(state).id]
    assert (actions.retry_dead(job_ids=ids), actions.discard_dead(job_ids=ids)) == (0, 0)


def test_finished_jobs_are_deleted_after_a_day_and_dead_ones_kept() -> None:
    old = timezone.now() - policy.KEEP_FINISHED - timedelta(minutes=1)
    for state in (State.DONE, State.DISCARDED, State.DEAD):
        make(state, finished_at=old)
    kept = make(State.DONE)
    assert actions.delete_finished() == 2
    assert set(Job.objects.values_list("state", "finished_at")) == {("dead", old), ("done", kept.finished_at)}


def test_the_command_counts_by_queue() -> None:
    now = the_transactions_now()
    past = now - timedelta(minutes=2)
    make(State.PENDING, run_at=past)
    make(State.PENDING, run_at=now + timedelta(hours=1))
    make(State.SENT, sent_at=past)
    make(State.SENT, sent_at=now)
    make(State.DEAD, queue="files")
    make(State.DONE, queue="files")
    output = StringIO()
    call_command("jobs", "--json", stdout=output)
    email, files = json.loads(output.getvalue())
    assert email.pop("oldest") == 120
    assert email == {"queue": "email", "pending": 2, "sent": 2, "overdue": 1, "dead": 0, "rate": 0}
    assert (files["dead"], files["rate"]) == (1, 1)


def test_what_was_sent_and_not_begun_waits_too() -> None:
    """While the workers are away nothing is pending for long: the relay sends it all."""
    now = the_transactions_now()
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    make(State.SENT, run_at=now - hour, sent_at=now - hour, started_at=now - minute)
    make(State.SENT, run_at=now - minute, sent_at=now)
    output = StringIO()
    call_command("jobs", "--json", stdout=output)
    (email,) = json.loads(output.getvalue())
    assert email["oldest"] == 60


def test_the_table_ends_with_the_sum() -> None:
    make(State.PENDING)
    make(State.DEAD, queue="files")
    output = StringIO()
    call_command("jobs", stdout=output)
    head, *_, total = output.getvalue().splitlines()
    assert head.split() == ["queue", "pending", "oldest", "s", "sent", "overdue", "dead", "done/min"]
    assert total.split() == ["all", "1", "0", "0", "0", "1", "0"]
