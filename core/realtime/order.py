"""The messages of a room, told in the order of their places and each once, whoever tells them.

A message that follows one not told yet isn't told either: whoever tells it is asked for those
between, which are committed, so that nobody has to wait for a process that may be dead.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import redis
from django.conf import settings

from core.realtime import scripts
from core.realtime.bus import Bus, BusUnavailable, Delivery, client_of
from core.realtime.envelope import seal

UNKNOWN = -1


class Said(NamedTuple):
    """What is told of the message at a place."""

    seq: int
    deliveries: Sequence[Delivery]


def say(room_id: UUID, messages: Sequence[Said], *, all_of_them: bool = False) -> int | None:
    """Tell messages, ascending by place, that weren't told. BusUnavailable.

    None once they are told. Otherwise the place behind which some are missing (UNKNOWN if the bus
    doesn't remember), and none is told; with all_of_them there is nothing else to be told.
    """
    script: Any = client_of(settings.REDIS_URL).register_script(scripts.SAY)
    try:
        return _gap(script([_key(room_id)], _arguments(messages, all_of_them)))
    except redis.RedisError as error:
        raise BusUnavailable(str(error)) from error


async def say_from(
    bus: Bus, room_id: UUID, messages: Sequence[Said], *, all_of_them: bool = False
) -> int | None:
    """As say, by the bus of a realtime process."""
    return _gap(await bus.run(scripts.SAY, [_key(room_id)], _arguments(messages, all_of_them)))


def _key(room_id: UUID) -> str:
    return f"rt:said:{room_id}"


def _gap(answer: Any) -> int | None:
    return None if answer is None else int(answer)


def _arguments(messages: Sequence[Said], all_of_them: bool) -> list[bytes | str | int]:
    return [int(all_of_them), *(part for message in messages for part in _emissions(message))]


def _emissions(message: Said) -> Iterator[bytes | str | int]:
    for event, to in message.deliveries:
        channels, header, rest, kept = seal(event, to)
        for channel in channels:
            yield from (message.seq, channel, header, rest, int(kept))
