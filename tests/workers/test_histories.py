"""Any history of claims, losses, repeats, faults and deaths ends with each effect made once."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import TransientError
from core.jobs import execution, outbox, policy
from core.jobs.catalogue import CATALOGUE, JobType, Queue, job
from core.jobs.models import Job, State
from workers.running import Outcome, Run

pytestmark = pytest.mark.django_db(transaction=True)
JOBS = 3
HORIZON = timedelta(seconds=1)
STEPS = [*["claim", "deliver"] * 2, "repeat", "fail", "die", "lose", "give back", "wait", "look for lost"]


def touch(*, number: int) -> None:
    """Touch."""


@pytest.fixture(scope="module")
def touching() -> Iterator[JobType[...]]:
    declared = job(Queue.EMAIL, max_attempts=100)(touch)
    yield declared
    del CATALOGUE[declared.name]


class World:
    """A broker that may lose and repeat, and a worker that may fail and die, on a real ledger."""

    def __init__(self, touching: JobType[...], chance: random.Random) -> None:
        self.touching = touching
        self.chance = chance
        self.messages: list[str] = []
        self.seen: list[str] = []
        with transaction.atomic():
            touching.many({"number": number} for number in range(JOBS))

    def step(self, name: str) -> None:
        getattr(self, name.replace(" ", "_"))()

    def claim(self) -> None:
        self.messages += [taken.id for taken in outbox.claim_due()]

    def give_back(self) -> None:
        outbox.give_back(outbox.claim_due())

    def deliver(self) -> None:
        if self.messages:
            self.seen.append(self.messages.pop(self.chance.randrange(len(self.messages))))
            self._run(self.seen[-1], fault=False)

    def repeat(self) -> None:
        if self.seen:
            self._run(self.chance.choice(self.seen), fault=False)

    def fail(self) -> None:
        if self.messages:
            self.seen.append(self.messages.pop())
            self._run(self.seen[-1], fault=True)

    def die(self) -> None:
        """Between the count of the attempt and the commit."""
        if self.messages:
            self.seen.append(self.messages.pop())
            execution.begin(self.seen[-1], self.touching.name)

    def lose(self) -> None:
        self.messages.clear()

    def wait(self) -> None:
        """Delays pass, and horizons."""
        Job.objects.filter(name=self.touching.name).update(
            run_at=F("run_at") - timedelta(seconds=policy.LONGEST_DELAY),
            sent_at=F("sent_at") - 2 * HORIZON,
            started_at=F("started_at") - 2 * HORIZON,
        )

    def look_for_lost(self) -> None:
        for queue in outbox.late_queues(HORIZON):
            lost = outbox.claim_lost(queue, empty=not self.messages, horizon=HORIZON)
            self.messages += [taken.id for taken in lost]

    def _run(self, job_id: str, *, fault: bool) -> None:
        def body(*, number: int) -> None:
            Job.objects.create(name="effect", queue="none", params={"number": number}, state=State.DONE)
            if fault:
                raise TransientError

        outcome = Run(self.touching, body).deliver(job_id)
        assert outcome is not Outcome.DEAD
        assert not (fault and outcome is Outcome.DONE)


@settings(max_examples=120)
@given(
    history=st.lists(st.sampled_from(STEPS), min_size=6, max_size=40),
    chance=st.randoms(use_true_random=False),
)
def test_each_effect_is_made_once(touching: JobType[...], history: list[str], chance: random.Random) -> None:
    Job.objects.all().delete()
    world = World(touching, chance)
    for name in history:
        world.step(name)
        effects = [row.params["number"] for row in Job.objects.filter(name="effect")]
        assert len(effects) == Job.objects.filter(name=touching.name, state=State.DONE).count()
        assert len(set(effects)) == len(effects)
    for _ in range(3):
        for name in ("wait", "look for lost", "claim", *["deliver"] * 2 * JOBS):
            world.step(name)
    assert Job.objects.filter(name="effect").count() == JOBS
