"""What a realtime process counts: plain numbers where it must be fast, told when Prometheus asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from core.metrics import pool, serve


@dataclass(slots=True)
class Counts:
    """Since the process began. Only its event loop writes them."""

    opened: int = 0
    closed: int = 0
    frames: int = 0
    deliveries: int = 0
    dropped: int = 0
    resumed: int = 0
    resyncs: int = 0

    @property
    def open(self) -> int:
        return self.opened - self.closed


COUNTS = Counts()

_COUNTERS = (
    ("opened", "accountant_sockets_opened", "Sockets let in."),
    ("frames", "accountant_frames_received", "Frames that clients sent."),
    ("deliveries", "accountant_deliveries", "Events written to sockets, once a socket."),
    ("dropped", "accountant_readers_dropped", "Sockets closed with 1013: they read too slowly."),
    ("resumed", "accountant_resumes", "Sockets that were told what they had missed."),
    ("resyncs", "accountant_resyncs", "Sockets told that what they had missed is unknown."),
)


class RealtimeCollector(Collector):
    """The counts, whether the bus is heard, and the connections to the database in use."""

    def __init__(self, is_listening: Callable[[], bool]) -> None:
        self._is_listening = is_listening

    def collect(self) -> Iterator[Metric]:
        for name, metric, meaning in _COUNTERS:
            yield CounterMetricFamily(metric, meaning, getattr(COUNTS, name))
        yield GaugeMetricFamily("accountant_sockets_open", "Sockets open now.", COUNTS.open)
        yield GaugeMetricFamily(
            "accountant_bus_heard", "1 while events reach this process.", int(self._is_listening())
        )
        if use := pool.pool_use():
            yield from _pool(use)


def _pool(use: pool.PoolUse) -> Iterator[Metric]:
    connections = GaugeMetricFamily(pool.CONNECTIONS, pool.CONNECTIONS_MEANING, labels=["state"])
    connections.add_metric(["in_use"], use.in_use)
    connections.add_metric(["free"], use.free)
    yield connections
    yield GaugeMetricFamily(pool.WAITING, pool.WAITING_MEANING, use.waiting)


def serve_metrics(is_listening: Callable[[], bool]) -> None:
    """Serve this process's metrics, if METRICS_PORT is set."""
    REGISTRY.register(RealtimeCollector(is_listening))
    serve()
