"""Whether this process runs, and whether it can serve."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu import Connection
from redis import Redis

logger = logging.getLogger(__name__)
_TIMEOUT = 2.0


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 once everything a request may need answers, 503 with what doesn't otherwise."""
    checks = {name: _passes(name, check) for name, check in _CHECKS.items()}
    is_ready = all(checks.values())
    body = {
        "status": "ok" if is_ready else "unavailable",
        "checks": {name: "ok" if passed else "failing" for name, passed in checks.items()},
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 — whatever it is, it isn't ready
        logger.warning("not ready: %s: %s", name, error)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    options = {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
    with Connection(settings.BROKER_URL, connect_timeout=_TIMEOUT, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, timeout=int(_TIMEOUT))


def _realtime_bus() -> None:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT) as bus:
        bus.ping()


def _storage() -> None:
    default_storage.exists("health")


def _processes() -> None:
    """The local run says by a file that each of its processes serves."""
    if settings.READY_FILE and not Path(settings.READY_FILE).exists():
        raise RuntimeError("a process of this run doesn't serve yet")


_CHECKS: dict[str, Callable[[], object]] = {
    "database": _database,
    "broker": _broker,
    "realtime_bus": _realtime_bus,
    "storage": _storage,
    "processes": _processes,
}
