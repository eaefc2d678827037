"""Periodic jobs: beat only writes rows, one for each job and period whoever asks."""

from datetime import UTC, datetime, timedelta

from core.jobs import ledger
from core.jobs.catalogue import CATALOGUE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def period_of(moment: datetime, every: timedelta) -> datetime:
    """The start of the period in which the moment lies."""
    return moment - (moment - _EPOCH) % every


class Periods:
    """Writes the job of each period once it begins; of those missed, the latest only."""

    def __init__(self) -> None:
        self._served: dict[str, datetime] = {}

    def write_due(self, now: datetime) -> list[str]:
        """Write what is due at the moment; the names of the jobs this call wrote."""
        return [name for name in CATALOGUE if self._serve(name, now)]

    def _serve(self, name: str, now: datetime) -> bool:
        job = CATALOGUE[name]
        if job.every is None:
            return False
        period = period_of(now, job.every)
        if self._served.get(name) == period:
            return False
        written = ledger.add_period(name, job.queue, period)
        self._served[name] = period
        return written
