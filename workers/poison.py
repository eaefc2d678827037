"""Messages that aren't any: on Redis one of them would end the worker that takes it."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from workers.liveness import channels_of

log = logging.getLogger("workers")
_TEXTS = ("task", "id", "root_id", "argsrepr", "kwargsrepr", "origin")
_HEADERS: dict[str, Any] = {"eta": None, "expires": None, "retries": 0, "timelimit": [None, None]}
_LONGEST = 1_000
"""More than ids and a job's parameters need; a long one would fill the pipe to a child, and wedge it."""
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def shield(connection: Any) -> None:
    """Make a Redis connection drop what it can't read, with a line that says so."""
    channels = channels_of(connection)
    if channels:
        transport = connection.transport
        transport._deliver = _tagged(partial(type(transport)._deliver, transport))  # noqa: SLF001
    for channel in channels:
        channel.handlers["BRPOP"] = _shielded(channel, channel.handlers["BRPOP"])


def plain(receive: Callable[[Any], None]) -> Callable[[Any], None]:
    """Hear of a message only which task and job it names; its limits and times are not its to say."""

    def receive_plain(message: Any) -> None:
        if isinstance(message.headers, dict):
            said = ((name, message.headers.get(name)) for name in _TEXTS)
            message.headers = _HEADERS | {name: value for name, value in said if _is_short(value)}
        receive(message)

    return receive_plain


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _tagged(deliver: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    """Tell messages apart by tags of our own: with those they bring, one could settle another."""

    def deliver_tagged(message: Any, queue: str) -> None:
        if isinstance(message, dict) and isinstance(message.get("properties"), dict):
            message["properties"]["delivery_tag"] = str(uuid4())
        deliver(message, queue)

    return deliver_tagged


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
