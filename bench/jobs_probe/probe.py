"""The job."""

from core.jobs.catalogue import Queue, job


@job(Queue.UNREAD)
def nothing() -> None:
    """Do nothing."""
