"""Web's pool of connections, told to Prometheus every few seconds.

Processes that count together write to files, which can ask nobody at the scrape.
"""

import time
from threading import Thread

from django.conf import settings
from prometheus_client import Gauge

from core.metrics import pool

PERIOD = 5.0
CONNECTIONS = Gauge(
    pool.CONNECTIONS, pool.CONNECTIONS_MEANING, labelnames=["state"], multiprocess_mode="livesum"
)
WAITING = Gauge(pool.WAITING, pool.WAITING_MEANING, multiprocess_mode="livesum")


def watch() -> None:
    """Tell from now on, in the background, if this process has a pool and tells metrics at all."""
    if settings.METRICS_PORT is not None and pool.pool_use() is not None:
        Thread(target=_watch, name="pool-watch", daemon=True).start()


def _watch() -> None:
    while True:
        tell()
        time.sleep(PERIOD)


def tell() -> None:
    if use := pool.pool_use():
        CONNECTIONS.labels("in_use").set(use.in_use)
        CONNECTIONS.labels("free").set(use.free)
        WAITING.set(use.waiting)
