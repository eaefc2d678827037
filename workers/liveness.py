"""Is the worker still taking messages? A loop that turns but asks for nothing isn't alive."""

import logging
import time
from typing import Any

log = logging.getLogger("workers")

STALLED_AFTER = 20.0
"""Seconds without a request for messages while there is room: more than a reconnect needs."""


def is_consuming(connection: Any) -> bool:
    """Whether each of a Redis connection's channels asks for messages, or has its hands full.

    True for other transports, where the broker pushes and sends heartbeats.
    """
    return all(_is_asking(channel) for channel in channels_of(connection) if channel.active_queues)


def channels_of(connection: Any) -> list[Any]:
    """The channels of a Redis connection; none for other transports, which push messages."""
    cycle = getattr(getattr(connection, "transport", None), "cycle", None)
    return list(getattr(cycle, "_channels", ()))


def _is_asking(channel: Any) -> bool:
    asked = getattr(channel, "_brpop_sent_at", None)
    if not channel.qos.can_consume() or asked is None:
        return True
    return bool(time.monotonic() - asked < STALLED_AFTER)
