"""Jobs that keep the ledger itself."""

from datetime import timedelta

from core.jobs.catalogue import Queue, job


@job(Queue.MAINTENANCE, every=timedelta(minutes=10))
def delete_finished() -> None:
    """Delete jobs that were done or discarded a day ago."""
