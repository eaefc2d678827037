"""Messages that aren't any: on Redis one of them would end the worker that takes it."""

import logging
from collections.abc import Callable
from typing import Any

from workers.liveness import channels_of

log = logging.getLogger("workers")
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


def shield(connection: Any) -> None:
    """Make a Redis connection drop what it can't read, with a line that says so."""
    for channel in channels_of(connection):
        channel.handlers["BRPOP"] = _shielded(channel, channel.handlers["BRPOP"])


def _shielded(channel: Any, read: Callable[[], Any]) -> Callable[[], Any]:
    def read_or_drop() -> Any:
        held = set(channel.qos._delivered)  # noqa: SLF001 - kombu has no name for it
        try:
            return read()
        except _UNREADABLE as fault:
            log.warning("dropped an unreadable message: %s: %s", type(fault).__name__, fault)
            for tag in set(channel.qos._delivered) - held:  # noqa: SLF001
                channel.basic_reject(tag)
            return None

    return read_or_drop
