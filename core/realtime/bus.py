"""Publishing, from workers (`publish`) and from the realtime process (`Bus`). After commit only."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import telemetry
from core.errors import TransientError
from core.realtime import presence_scripts, scripts
from core.realtime.audience import Audience
from core.realtime.control import Control
from core.realtime.envelope import seal, user_channel
from core.realtime.events import Event

TIMEOUT = 2.0
"""Seconds until a Valkey that doesn't answer counts as unavailable."""

_CHUNK = 500
_CONNECTIONS = 16
# Seconds a call of the realtime process waits for one of its connections.
_LONGEST_QUEUE = 10
# A connection that a restart broke is found out by using it: try once more, on a new one.
_RETRIES = 1

Delivery = tuple[Event | Control, Audience]
Call = tuple[list[str], list[bytes | int]]


class BusUnavailable(TransientError):
    """Valkey didn't take the event: those who were to hear it haven't."""


def publish(event: Event | Control, *, to: Audience) -> None:
    """Tell an audience, each socket at most once. BusUnavailable if the bus is down."""
    publish_each([(event, to)])


def publish_each(deliveries: Iterable[Delivery]) -> None:
    """Tell several audiences, each its own event, in one go. BusUnavailable if the bus is down."""
    with telemetry.span("events publish", "producer"):
        _publish_all(list(_calls(deliveries)))


def _publish_all(calls: list[Call]) -> None:
    client = client_of(settings.REDIS_URL)
    script = client.register_script(scripts.PUBLISH)
    try:
        if len(calls) == 1:
            script(*calls[0])
            return
        with client.pipeline(transaction=False) as pipeline:
            for channels, arguments in calls:
                script(channels, arguments, client=pipeline)
            pipeline.execute()
    except redis.RedisError as error:
        raise BusUnavailable(str(error)) from error


def listened_to(user_ids: Iterable[UUID]) -> list[UUID]:
    """Those of the people who have a socket somewhere at this moment. BusUnavailable."""
    by_channel = {user_channel(user_id): user_id for user_id in user_ids}
    channels = list(by_channel)
    client = client_of(settings.REDIS_URL)
    try:
        counted = [
            count
            for start in range(0, len(channels), _CHUNK)
            for count in client.pubsub_numsub(*channels[start : start + _CHUNK])
        ]
    except redis.RedisError as error:
        raise BusUnavailable(str(error)) from error
    return [by_channel[channel.decode()] for channel, sockets in counted if sockets]


def may_hear(user_ids: Iterable[UUID]) -> list[UUID]:
    """Those who have a socket, or had one so lately that they may resume. BusUnavailable."""
    asked = list(user_ids)
    script = client_of(settings.REDIS_URL).register_script(presence_scripts.MAY_HEAR)
    try:
        known = [
            answer
            for start in range(0, len(asked), _CHUNK)
            for answer in script([str(user_id) for user_id in asked[start : start + _CHUNK]])
        ]
    except redis.RedisError as error:
        raise BusUnavailable(str(error)) from error
    # Presence is told again some seconds after the bus has lost it; sockets are heard at once.
    unknown = (user_id for user_id, is_known in zip(asked, known, strict=True) if not is_known)
    listening = set(listened_to(unknown))
    return [u for u, is_known in zip(asked, known, strict=True) if is_known or u in listening]


class Bus:
    """The bus as the realtime process uses it: one pool of connections, closed with the process."""

    def __init__(self, url: str) -> None:
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_LONGEST_QUEUE,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=AsyncRetry(NoBackoff(), _RETRIES, (redis.ConnectionError,)),
        )
        self._client: Any = redis.asyncio.Redis.from_pool(pool)

    async def publish(self, event: Event | Control, *, to: Audience) -> None:
        """Tell an audience, as core.realtime.publish does."""
        for channels, arguments in _calls([(event, to)]):
            await self.run(scripts.PUBLISH, channels, arguments)

    async def run(
        self, script: str, keys: Sequence[str] = (), arguments: Sequence[bytes | str | int] = ()
    ) -> Any:
        """What a script of core.realtime.scripts answers. BusUnavailable if Valkey doesn't."""
        try:
            return await self._client.register_script(script)(keys, arguments)
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error

    async def union(self, keys: Sequence[str]) -> set[bytes]:
        """The members of several sets together."""
        try:
            return set(await self._client.sunion(list(keys))) if keys else set()
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error

    async def hash(self, key: str) -> dict[bytes, bytes]:
        """The fields of a hash. BusUnavailable."""
        try:
            return dict(await self._client.hgetall(key))
        except redis.RedisError as error:
            raise BusUnavailable(str(error)) from error

    async def close(self) -> None:
        await self._client.aclose()


@cache
def client_of(url: str) -> Any:
    """The synchronous client of this process. Its stubs can't tell it from the asynchronous one."""
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), _RETRIES, (redis.ConnectionError,)),
    )


def _calls(deliveries: Iterable[Delivery]) -> Iterator[Call]:
    """The keys and arguments of each call of scripts.PUBLISH."""
    for event, to in deliveries:
        channels, header, rest, kept = seal(event, to)
        for start in range(0, len(channels), _CHUNK):
            yield channels[start : start + _CHUNK], [header, rest, int(kept)]
