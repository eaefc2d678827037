"""What a relay takes, gives back and takes again."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from core.jobs import execution, outbox, policy
from core.jobs.catalogue import JobType
from core.jobs.models import Job, State

pytestmark = pytest.mark.django_db
HORIZON = timedelta(seconds=8)


def write(greeting: JobType[...], count: int) -> list[UUID]:
    return greeting.many({"user_id": uuid4()} for _ in range(count))


def age(job_id: UUID, *, seconds: float) -> None:
    """As if it had been sent so much earlier."""
    Job.objects.filter(id=job_id).update(sent_at=F("sent_at") - timedelta(seconds=seconds))


def lost(*, empty: bool = False) -> list[str]:
    return [job.id for job in outbox.claim_lost("email", empty=empty, horizon=HORIZON)]


def test_due_jobs_are_taken_once_in_order(greeting: JobType[...]) -> None:
    ids = write(greeting, 3)
    assert [job.id for job in outbox.claim_due()] == sorted(map(str, ids))
    assert outbox.claim_due() == []
    assert set(Job.objects.values_list("state", flat=True)) == {State.SENT}


def test_later_jobs_wait(greeting: JobType[...]) -> None:
    write(greeting, 1)
    Job.objects.update(run_at=timezone.now() + timedelta(minutes=1))
    assert outbox.claim_due() == []


def test_a_flood_of_one_queue_leaves_room_for_the_others(
    greeting: JobType[...], sweeping: JobType[...]
) -> None:
    write(greeting, policy.BATCH * 2)
    sweeping()
    taken = [job.name for job in outbox.claim_due()]
    assert (taken.count(greeting.name), taken.count(sweeping.name)) == (policy.BATCH, 1)


def test_what_was_given_back_is_due_at_once(greeting: JobType[...]) -> None:
    write(greeting, 2)
    taken = outbox.claim_due()
    outbox.give_back(taken)
    assert outbox.claim_due() == taken


def test_what_was_done_meanwhile_is_not_given_back(greeting: JobType[...]) -> None:
    write(greeting, 1)
    taken = outbox.claim_due()
    Job.objects.update(state=State.DONE)
    outbox.give_back(taken)
    assert Job.objects.get().state == State.DONE


def test_late_and_the_queue_is_empty_means_lost(greeting: JobType[...]) -> None:
    (job_id,) = write(greeting, 1)
    outbox.claim_due()
    assert (outbox.late_queues(HORIZON), lost(empty=True)) == ([], [])
    age(job_id, seconds=9)
    assert outbox.late_queues(HORIZON) == ["email"]
    assert lost() == []
    assert lost(empty=True) == [str(job_id)]
    assert lost(empty=True) == []


def test_late_and_overtaken_means_lost(greeting: JobType[...]) -> None:
    """The queue isn't empty, but one sent later is done already."""
    first, second, third = write(greeting, 3)
    outbox.claim_due()
    age(first, seconds=30)
    age(second, seconds=20)
    age(third, seconds=20)
    assert lost() == []
    carry_out(greeting, second)
    assert lost() == [str(first)]


def test_late_behind_a_backlog_is_not_lost(greeting: JobType[...]) -> None:
    first, second = write(greeting, 2)
    outbox.claim_due()
    age(first, seconds=30)
    age(second, seconds=20)
    carry_out(greeting, first)
    assert lost() == []


def test_jobs_nobody_knows_are_dead_after_a_while(greeting: JobType[...]) -> None:
    (job_id,) = write(greeting, 1)
    Job.objects.update(name="gone.job")
    assert (outbox.claim_due(), outbox.bury_unknown()) == ([], 0)
    Job.objects.update(run_at=timezone.now() - policy.UNKNOWN_AFTER * 2)
    assert outbox.bury_unknown() == 1
    assert Job.objects.get(id=job_id).state == State.DEAD


def carry_out(greeting: JobType[...], job_id: UUID) -> None:
    started = execution.begin(str(job_id), greeting.name)
    assert started
    assert execution.finish(str(job_id), started.attempt, irrevocable=False)
