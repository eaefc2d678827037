"""A subscription hears what is wanted, through any order of wanting, dropping and breaking."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from redis.asyncio import Redis

from core.realtime.subscription import Subscription

PATIENCE = 30.0


class Ears:
    """A subscription and what it has heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.unreadable: bytes | None = None
        self.lost = 0
        self.changed = asyncio.Event()
        self.subscription = Subscription(settings.REDIS_URL, self._hear, self._lose)

    def _hear(self, channel: bytes, payload: bytes) -> None:
        if payload == self.unreadable:
            raise ValueError(payload)
        self.heard.append(payload)
        self.changed.set()

    def _lose(self) -> None:
        self.lost += 1
        self.changed.set()

    def has(self, payload: bytes) -> bool:
        return payload in self.heard

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.changed.clear()
                await self.changed.wait()


def run(test: Callable[[Ears, Any], Awaitable[None]]) -> None:
    async def main() -> None:
        ears = Ears()
        ears.subscription.start()
        try:
            async with Redis.from_url(settings.REDIS_URL) as valkey:
                await test(ears, valkey)
        finally:
            await ears.subscription.stop()

    asyncio.run(main())


def test_hears_what_it_wants_once_wanting_returns() -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        channel = uuid4().hex
        await ears.subscription.want([channel, uuid4().hex])
        await valkey.publish(channel, b"1")
        await ears.until(lambda: ears.heard == [b"1"])
        assert ears.subscription.hears
        assert ears.lost == 0

    run(test)


def test_wanting_and_dropping_in_any_order() -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        dice = random.Random(1)
        channels = [uuid4().hex for _ in range(5)]
        await ears.subscription.want(["always"])
        for number in range(300):
            channel = dice.choice(channels)
            if dice.random() < 0.5:
                ears.subscription.drop([channel])
            else:
                async with asyncio.timeout(PATIENCE):
                    await ears.subscription.want([channel])
                assert await valkey.publish(channel, str(number)) >= 1
                await ears.until(partial(ears.has, str(number).encode()))

    run(test)


def test_dropped_channels_are_not_heard() -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        kept, dropped = uuid4().hex, uuid4().hex
        await ears.subscription.want([kept, dropped])
        ears.subscription.drop([dropped])
        async with asyncio.timeout(PATIENCE):
            while await valkey.publish(dropped, b"no"):
                await asyncio.sleep(0)
        await valkey.publish(kept, b"yes")
        await ears.until(lambda: b"yes" in ears.heard)
        assert ears.heard[-1] == b"yes"

    run(test)


@pytest.mark.parametrize("how", ["killed", "reset"])
def test_a_break_is_mended_and_said(how: str) -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        channels = [uuid4().hex for _ in range(2500)]
        await ears.subscription.want(channels)
        if how == "killed":
            await valkey.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        else:
            await ears.subscription.reset()
        await ears.until(lambda: ears.lost == 1)
        assert ears.subscription.hears
        for channel in (channels[0], channels[-1]):
            assert await valkey.publish(channel, channel) == 1
        await ears.until(lambda: len(ears.heard) == 2)

    run(test)


def test_wanting_while_cut_off_waits() -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        await ears.subscription.want(["first"])
        await valkey.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        channel = uuid4().hex
        async with asyncio.timeout(PATIENCE):
            await ears.subscription.want([channel])
        assert await valkey.publish(channel, b"x") == 1

    run(test)


def test_a_given_up_wait_does_not_stop_the_others() -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        channel = uuid4().hex
        first = asyncio.create_task(ears.subscription.want([channel]))
        second = asyncio.create_task(ears.subscription.want([channel]))
        await asyncio.sleep(0)
        first.cancel()
        async with asyncio.timeout(PATIENCE):
            await second
        assert await valkey.publish(channel, b"x") == 1

    run(test)


class Line:
    """A connection of the test's making: confirms what is asked for, and says what the test puts in."""

    def __init__(self) -> None:
        self.replies: asyncio.Queue[Any] = asyncio.Queue()

    async def connect(self) -> None:
        """It is there at once."""

    async def disconnect(self, nowait: bool = False) -> None:
        await asyncio.sleep(0)

    async def send_command(self, command: bytes, *channels: str) -> None:
        for channel in channels:
            self.replies.put_nowait((command.lower(), channel.encode(), 1))

    async def read_response(self, **_: Any) -> Any:
        reply = await self.replies.get()
        if isinstance(reply, Exception):
            raise reply
        return reply


def test_what_is_asked_for_at_the_moment_of_a_break_is_heard_after_it() -> None:
    async def main() -> None:
        lines: list[Line] = []
        wanting: list[asyncio.Task[None]] = []

        def want_another(channel: bytes, payload: bytes) -> None:
            subscription.drop(["first"])
            wanting.append(asyncio.create_task(subscription.want(["second"])))

        def new_line() -> Line:
            lines.append(Line())
            return lines[-1]

        subscription = Subscription(settings.REDIS_URL, want_another, lambda: None)
        subscription._new_connection = new_line
        subscription.start()
        await subscription.want(["first"])
        lines[0].replies.put_nowait((b"message", b"first", b"1"))
        lines[0].replies.put_nowait(ConnectionError())
        async with asyncio.timeout(PATIENCE):
            while not wanting:
                await asyncio.sleep(0)
            await wanting[0]
        await subscription.stop()

    asyncio.run(main())


def test_a_message_that_cannot_be_read_makes_nobody_deaf(caplog: pytest.LogCaptureFixture) -> None:
    async def test(ears: Ears, valkey: Any) -> None:
        channel = uuid4().hex
        ears.unreadable = b"of a newer version"
        await ears.subscription.want([channel])
        await valkey.publish(channel, b"of a newer version")
        await valkey.publish(channel, b"yes")
        await ears.until(partial(ears.has, b"yes"))
        assert ears.heard == [b"yes"]

    run(test)
    assert "A message could not be read" in caplog.text
