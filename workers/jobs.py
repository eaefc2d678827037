"""Tasks that keep the ledger itself."""

from core import jobs
from core.jobs.actions import delete_finished as delete_finished_jobs
from workers.task import task


@task(jobs.jobs.delete_finished)
def delete_finished() -> None:
    delete_finished_jobs()
