"""Jobs of core.marketplace."""

from datetime import timedelta
from uuid import UUID

from core.jobs.catalogue import Queue, job


@job(Queue.MAINTENANCE, soft_time_limit=120)
def refresh_category(*, category_id: UUID, after: UUID | None = None) -> None:
    """Let some services of a renamed category, in the order of ids, be found by its new names."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=1))
def add_up_tallies() -> None:
    """Replace the changes in the number of listed services by their sums."""


@job(Queue.MAINTENANCE, every=timedelta(minutes=1), soft_time_limit=600)
def keep_search_sets() -> None:
    """Make the search sets of common words and those asked for, and bring the others up to now."""
