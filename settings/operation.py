"""What operators watch: probes, metrics, the operations page, errors, traces and logs."""

from typing import Any
from zoneinfo import ZoneInfo

from settings.variables import choice, env, refuse, whole

READY_FILE = env.str("READY_FILE", default="")
HEARTBEAT_FILE = env.str("HEARTBEAT_FILE", default="")

# Where Prometheus finds this process's metrics; unset: nowhere, 0: on any free port, which
# METRICS_FILE then names. Never through the edge.
METRICS_PORT = whole("METRICS_PORT", 0, most=65_535) if env.str("METRICS_PORT", default="") else None
METRICS_BIND = env.str("METRICS_BIND", default="127.0.0.1")
METRICS_FILE = env.str("METRICS_FILE", default="")
# The admin's operations page: where Flower is for its readers, and whose clock its plots show.
FLOWER_URL = env.str("FLOWER_URL", default="")
OPERATIONS_TIME_ZONE = env.str("OPERATIONS_TIME_ZONE", default="Africa/Algiers")
try:
    ZoneInfo(OPERATIONS_TIME_ZONE)
except (ValueError, OSError, LookupError):
    refuse("OPERATIONS_TIME_ZONE", f"must be like Africa/Algiers, not {OPERATIONS_TIME_ZONE!r}")
# Where errors and spans are told of; unset: nowhere, and nothing of it is loaded.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
PROCESS_NAME = env.str("PROCESS_NAME", default="")

LOG_FORMATS = ("text", "json")
LOG_LEVEL = choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOG_FORMAT = choice("LOG_FORMAT", "text", LOG_FORMATS)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "correlation": {"()": "core.correlation.CorrelationFilter"},
        "raised": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: bool(record.exc_info)},
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
        # web.access tells of every answer, and what failed by itself has told why.
        "django.request": {"level": "ERROR", "filters": ["raised"]},
        # Made by strangers at will: a wrong Host, too many fields. web.access has their 400.
        "django.security": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "WARNING"},
    },
}
