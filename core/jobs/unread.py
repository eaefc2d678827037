"""Jobs of the unread counts."""

from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.UNREAD)
def push_counts(*, user_id: UUID) -> None:
    """Tell the user's sockets how many messages and notifications are unread."""


@job(Queue.UNREAD)
def tell_device(*, user_id: UUID, socket_id: UUID) -> None:
    """Tell a new socket of the user's, and no other, the same."""
