"""What every process counts for Prometheus, and the port where it tells."""

from core.metrics.buckets import LONG_SECONDS, SECONDS
from core.metrics.serving import serve

__all__ = ["LONG_SECONDS", "SECONDS", "serve"]
