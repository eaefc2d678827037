"""What the relay counts, and what the ledger says when Prometheus asks."""

import logging
from collections.abc import Iterable, Iterator

from django.db import InterfaceError, OperationalError, connection
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from core.jobs.depths import Depth, depths
from core.jobs.outbox import Outgoing
from core.metrics import LONG_SECONDS

log = logging.getLogger(__name__)

PUBLISHED = Counter("accountant_jobs_published_total", "Messages given to the broker.", ["queue"])
REPUBLISHED = Counter(
    "accountant_jobs_republished_total", "Messages given again, the first being lost.", ["queue"]
)
LAG = Histogram(
    "accountant_outbox_lag_seconds",
    "From when a job was due to when its message was given to the broker.",
    buckets=LONG_SECONDS,
)
_STATES = ("due", "delayed", "sent", "dead")


def count_published(jobs: Iterable[Outgoing], seconds: float) -> None:
    """Count jobs whose messages were given to the broker so long after they were claimed."""
    for job in jobs:
        PUBLISHED.labels(job.queue).inc()
        LAG.observe(max(job.waited, 0.0) + seconds)


def count_republished(queue: str, number: int) -> None:
    REPUBLISHED.labels(queue).inc(number)


class LedgerCollector(Collector):
    """The queues as the ledger has them at this moment; nothing while the database is away."""

    def describe(self) -> list[Metric]:
        """Named without asking the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            found = depths()
        except (OperationalError, InterfaceError) as error:
            log.warning("the queues can't be counted: %s", str(error).strip())
            return
        finally:
            # Each scrape has a thread of its own, which ends with it.
            connection.close()
        yield from _families(found)


def _families(found: list[Depth]) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("accountant_queue_jobs", "Jobs of a queue by state.", labels=["queue", "state"])
    oldest = GaugeMetricFamily(
        "accountant_queue_oldest_seconds", "How long the longest waiting job has been due.", labels=["queue"]
    )
    for depth in found:
        for state in _STATES:
            jobs.add_metric([depth.queue, state], getattr(depth, state))
        oldest.add_metric([depth.queue], depth.oldest)
    yield jobs
    yield oldest


def watch_ledger() -> None:
    """Answer Prometheus with the state of the queues too."""
    REGISTRY.register(LedgerCollector())
