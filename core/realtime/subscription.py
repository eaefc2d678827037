"""One connection that hears the wanted channels, and after any break hears them again."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import redis
import redis.asyncio

from core.realtime.tasks import cancel_all

logger = logging.getLogger(__name__)

_CONNECT_TIMEOUT = 3.0
_LONGEST_BACKOFF = 2.0
_CHUNK = 1000
# Messages that wait are read without a pause: let others run from time to time.
_BURST = 128


class Subscription:
    """Hears channels over one connection: each message goes to on_message(channel, payload).

    What is published while it is cut off is lost: on_lost() is called once it hears again all it
    heard before. Neither callback may wait. turns: how often it was cut off or heard again.
    """

    def __init__(
        self, url: str, on_message: Callable[[bytes, bytes], None], on_lost: Callable[[], None]
    ) -> None:
        self._new_connection: Callable[[], Any] = redis.asyncio.ConnectionPool.from_url(
            url, socket_connect_timeout=_CONNECT_TIMEOUT, socket_keepalive=True
        ).make_connection
        self._on_message = on_message
        self._on_lost = on_lost
        self._connection: Any = None
        self._has_heard = False
        self.turns = 0
        # Channel → whether it is heard.
        self._wanted: dict[str, bool] = {}
        self._waiters: dict[str, asyncio.Future[None]] = {}
        # SUBSCRIBEs sent and not yet confirmed: only the last one of a channel counts.
        self._in_flight: dict[str, int] = {}
        self._restoring: set[str] = set()
        self._outbox: list[tuple[bytes, str]] = []
        self._something_to_send = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def hears(self) -> bool:
        """Whether it is connected and hears again what it heard before."""
        return self._connection is not None and not self._restoring and bool(self._wanted)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._read_forever()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        await cancel_all(self._tasks)
        await self._disconnect()

    def hears_all(self, channels: Iterable[str]) -> bool:
        """Whether each of these channels is heard."""
        return all(self._wanted.get(channel) for channel in channels)

    async def want(self, channels: Iterable[str]) -> None:
        """Return once all of these channels are heard."""
        waiters = [self._waiter(channel) for channel in channels if not self._wanted.get(channel)]
        for waiter in waiters:
            await asyncio.shield(waiter)

    def drop(self, channels: Iterable[str]) -> None:
        """These channels are not needed any more."""
        for channel in channels:
            if self._wanted.pop(channel, None) is None:
                continue
            self._command(b"UNSUBSCRIBE", channel)
            self._release(channel)

    async def reset(self) -> None:
        """Connect anew: what should have been heard was not."""
        if self._connection is not None:
            await self._connection.disconnect(nowait=True)

    def _waiter(self, channel: str) -> asyncio.Future[None]:
        if channel not in self._wanted:
            self._wanted[channel] = False
            self._command(b"SUBSCRIBE", channel)
        return self._waiters.setdefault(channel, asyncio.get_running_loop().create_future())

    def _command(self, command: bytes, channel: str) -> None:
        """Send it with the next batch; without a connection, connecting sends what is wanted."""
        if self._connection is not None:
            self._outbox.append((command, channel))
            self._something_to_send.set()

    async def _send(self) -> None:
        while True:
            await self._something_to_send.wait()
            self._something_to_send.clear()
            batch, self._outbox = self._outbox, []
            connection = self._connection
            try:
                for command, entries in groupby(batch, key=lambda entry: entry[0]):
                    channels = [channel for _, channel in entries]
                    for start in range(0, len(channels), _CHUNK):
                        await self._send_one(connection, command, channels[start : start + _CHUNK])
            except (redis.RedisError, OSError):
                await self.reset()

    async def _send_one(self, connection: Any, command: bytes, channels: list[str]) -> None:
        if connection is None or connection is not self._connection:
            return
        if command == b"SUBSCRIBE":
            for channel in channels:
                self._in_flight[channel] = self._in_flight.get(channel, 0) + 1
        await connection.send_command(command, *channels)

    async def _read_forever(self) -> None:
        failures = 0
        while True:
            try:
                await self._connect()
                failures = 0
                await self._read()
            except (redis.RedisError, OSError, TimeoutError) as error:
                if not failures:
                    logger.warning("The realtime bus is gone: %s", error)
            await self._disconnect()
            self.turns += 1
            failures += 1
            longest = min(_LONGEST_BACKOFF, 0.05 * 2**failures)
            await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter

    async def _connect(self) -> None:
        connection = self._new_connection()
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            await connection.connect()
        self._connection = connection
        self._in_flight.clear()
        self._wanted = dict.fromkeys(self._wanted, False)
        self._restoring = set(self._wanted)
        self._outbox = [(b"SUBSCRIBE", channel) for channel in self._wanted]
        self._something_to_send.set()

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)

    async def _read(self) -> None:
        read = self._connection.read_response
        while True:
            for _ in range(_BURST):
                kind, channel, payload = await read(disconnect_on_error=False)
                if kind == b"message":
                    self._pass_on(channel, payload)
                elif kind == b"subscribe":
                    self._confirmed(channel.decode())
            await asyncio.sleep(0)

    def _pass_on(self, channel: bytes, payload: bytes) -> None:
        """What can't be read, as of a newer version's process, costs nobody what follows it."""
        try:
            self._on_message(channel, payload)
        except Exception:  # whatever is wrong with it: the loop around this hears for everybody
            logger.exception("A message could not be read: %s", channel)

    def _confirmed(self, channel: str) -> None:
        in_flight = self._in_flight.pop(channel, 1) - 1
        if in_flight:
            self._in_flight[channel] = in_flight
        elif channel in self._wanted:
            self._wanted[channel] = True
            self._release(channel)

    def _release(self, channel: str) -> None:
        """Nobody has to wait for this channel any more: it is heard, or not wanted."""
        if waiter := self._waiters.pop(channel, None):
            waiter.set_result(None)
        if channel not in self._restoring:
            return
        self._restoring.discard(channel)
        if not self._restoring:
            self.turns += 1
            if self._has_heard:
                logger.warning("The realtime bus is back")
                self._on_lost()
            self._has_heard = True
