"""Rates per client address and per account, counted atomically in Valkey.

They keep floods out; the caps that protect codes and passwords are core.accounts.limits. When
Valkey doesn't answer, requests pass and the log says so.
"""

import logging
import threading
import time
from abc import abstractmethod
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from ninja.throttling import BaseThrottle
from redis import RedisError

from core.accounts.addresses import client_ip
from web.auth import Identity

logger = logging.getLogger(__name__)
_TIMEOUT = 0.25
_PAUSE = 5.0


@cache
def _limiter(url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        url,
        key_prefix="throttle",
        socket_timeout=_TIMEOUT,
        socket_connect_timeout=_TIMEOUT,
    )
    return SlidingWindowCounterRateLimiter(storage)


class _Throttle(BaseThrottle):
    """At most `rate` requests ("300/minute") of one key in a scope."""

    _resume_at = 0.0

    def __init__(self, rate: str, *, scope: str) -> None:
        self.item: RateLimitItem = parse(rate)
        self.scope = scope
        self._refusal = threading.local()

    @abstractmethod
    def key(self, request: HttpRequest) -> str | None:
        """What is counted; None counts nothing."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = self.key(request)
        if not settings.THROTTLES or key is None or time.monotonic() < _Throttle._resume_at:
            return True
        try:
            limiter = _limiter(settings.REDIS_URL)
            allowed = limiter.hit(self.item, self.scope, key)
            if not allowed:
                reset = limiter.get_window_stats(self.item, self.scope, key).reset_time
                self._refusal.seconds = max(1.0, reset - time.time())
        except RedisError as error:
            _Throttle._resume_at = time.monotonic() + _PAUSE
            logger.warning("rates are not held for %ss: %s", _PAUSE, error)
            return True
        return allowed

    def wait(self) -> float:
        return float(getattr(self._refusal, "seconds", 1.0))


class PerAddress(_Throttle):
    """Of one client address; generous, since many phones share one."""

    def key(self, request: HttpRequest) -> str | None:
        return client_ip(request)


class PerAccount(_Throttle):
    """Of one account, whatever its address; anonymous requests are not counted."""

    def key(self, request: HttpRequest) -> str | None:
        identity = getattr(request, "auth", None)
        return str(identity.user.id) if isinstance(identity, Identity) else None
