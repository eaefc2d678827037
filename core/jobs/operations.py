"""Jobs of core.operations."""

from datetime import timedelta

from core.jobs.catalogue import Queue, job


@job(Queue.MAINTENANCE, every=timedelta(minutes=1))
def take_sample() -> None:
    """Write down how the last minute went, for the admin's plots; forget what is a week old."""
