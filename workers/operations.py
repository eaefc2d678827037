"""Tasks of core.operations."""

from core import jobs
from core.operations import actions
from workers.task import task


@task(jobs.operations.take_sample)
def take_sample() -> None:
    actions.take_sample()
