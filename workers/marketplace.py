"""Tasks of core.marketplace."""

from uuid import UUID

from core import jobs
from core.marketplace import maintenance, search_upkeep
from workers.task import task


@task(jobs.marketplace.refresh_category)
def refresh_category(*, category_id: UUID, after: UUID | None = None) -> None:
    maintenance.refresh_category(category_id=category_id, after=after)


@task(jobs.marketplace.add_up_tallies)
def add_up_tallies() -> None:
    maintenance.add_up_tallies()


@task(jobs.marketplace.keep_search_sets)
def keep_search_sets() -> None:
    search_upkeep.keep_sets()
