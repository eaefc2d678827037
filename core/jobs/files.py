"""Jobs of core.files."""

from datetime import timedelta
from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.FILES, soft_time_limit=120)
def process_file(*, file_id: UUID) -> None:
    """Check a pending file, rewrite it where needed, and make it ready or rejected."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=5))
def condemn_unreferenced_files() -> None:
    """Mark files that were replaced, or sent and never used."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=5), soft_time_limit=300)
def delete_condemned_files() -> None:
    """Delete marked files from storage, then their rows."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=5), soft_time_limit=300)
def delete_incoming_files() -> None:
    """Delete the originals of files that are ready or rejected."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=5))
def reject_stuck_files() -> None:
    """Reject files whose job died or was discarded, or could not be done for a day."""
