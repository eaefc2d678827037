"""Tasks of core.files."""

from uuid import UUID

from core import jobs
from core.files import actions, deletion
from workers.task import task


@task(jobs.files.process_file)
def process_file(*, file_id: UUID) -> None:
    actions.process_file(file_id=file_id)


@task(jobs.files.condemn_unreferenced_files)
def condemn_unreferenced_files() -> None:
    deletion.condemn_unreferenced()


@task(jobs.files.delete_condemned_files)
def delete_condemned_files() -> None:
    deletion.delete_condemned()


@task(jobs.files.delete_incoming_files)
def delete_incoming_files() -> None:
    deletion.delete_incoming()


@task(jobs.files.reject_stuck_files)
def reject_stuck_files() -> None:
    deletion.reject_stuck()
