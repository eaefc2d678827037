"""What operators watch: probes, metrics, the operations page, errors, traces and logs."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from settings.variables import env, whole

READY_FILE = env.str("READY_FILE", default="")
HEARTBEAT_FILE = env.str("HEARTBEAT_FILE", default="")

# Where Prometheus finds this process's metrics; unset: nowhere, 0: on any free port, which
# METRICS_FILE then names. Never through the edge.
METRICS_PORT = whole("METRICS_PORT", 0) if env.str("METRICS_PORT", default="") else None
METRICS_BIND = env.str("METRICS_BIND", default="127.0.0.1")
METRICS_FILE = env.str("METRICS_FILE", default="")
# The admin's operations page: where Flower is for its readers, and whose clock its plots show.
FLOWER_URL = env.str("FLOWER_URL", default="")
OPERATIONS_TIME_ZONE = env.str("OPERATIONS_TIME_ZONE", default="Africa/Algiers")
try:
    ZoneInfo(OPERATIONS_TIME_ZONE)
except (ValueError, OSError, LookupError):
    raise ImproperlyConfigured(
        f"OPERATIONS_TIME_ZONE must be like Africa/Algiers, not {OPERATIONS_TIME_ZONE!r}"
    ) from None
# Where errors and spans are told of; unset: nowhere, and nothing of it is loaded.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
PROCESS_NAME = env.str("PROCESS_NAME", default="")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "correlation": {"()": "core.correlation.CorrelationFilter"},
    },
    "formatters": {
        "text": {
            "class": "core.redaction.TextLines",
            "format": "{levelname:<7} {name} {message} [{request_id}]",
            "style": "{",
        },
        "json": {
            "()": "core.redaction.JsonLines",
            "fmt": "%(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": "at",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["correlation"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print a second, uncorrelated copy.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It logs whole URLs, and some providers take the token in the URL.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # web.access tells of every answer.
        "django.request": {"level": "ERROR"},
    },
}
