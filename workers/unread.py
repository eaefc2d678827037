"""Tasks of the unread counts."""

from uuid import UUID

from core import jobs, unread
from workers.task import task


@task(jobs.unread.push_counts)
def push_counts(*, user_id: UUID) -> None:
    unread.push_counts(user_id)
