"""`@task(jobs.accounts.send_otp_email)`: registers a function as the Celery task of a job."""

from collections.abc import Callable
from typing import ParamSpec

from celery import Task
from celery.exceptions import Retry

from core.jobs.broker import app
from core.jobs.catalogue import JobType
from workers.running import Outcome, Run

P = ParamSpec("P")
RUNS: dict[str, Run] = {}
"""Every registered task by the name of its job."""


class JobDead(Exception):
    """Shown by Flower for an attempt that was the job's last; its trace is in the ledger."""


class AttemptFailed(Exception):
    """Shown by Flower for an attempt that failed and will be made again."""


def task(job: JobType[P]) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """The function is called with the job's parameters, inside the transaction that ends the job.

    It raises TransientError to be tried again later, PermanentError to give up. What it publishes
    about rows that it writes must wait for transaction.on_commit.
    """

    def register(body: Callable[P, None]) -> Callable[P, None]:
        run = RUNS[job.name] = Run(job, body)

        def carry_out(self: "Task[..., str]", /, **_: object) -> str:
            """The message's own parameters are for whoever looks on: the ledger's count."""
            return _shown(run.deliver(str(self.request.id)))

        app.task(
            name=job.name,
            bind=True,
            throws=(JobDead,),
            soft_time_limit=job.soft_time_limit,
            time_limit=job.time_limit,
        )(carry_out)
        return body

    return register


def _shown(outcome: Outcome) -> str:
    if outcome is Outcome.DEAD:
        raise JobDead
    if outcome is Outcome.PUT_OFF:
        raise Retry(exc=AttemptFailed())
    return outcome.value
