"""Tasks of the unread counts."""

from uuid import UUID

from core import jobs, unread
from workers.task import task


@task(jobs.unread.push_counts)
def push_counts(*, user_id: UUID) -> None:
    unread.push_counts(user_id)


@task(jobs.unread.tell_device)
def tell_device(*, user_id: UUID, socket_id: UUID) -> None:
    unread.tell_device(user_id=user_id, socket_id=socket_id)
