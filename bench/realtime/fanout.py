"""Deliveries a second to 500 sockets in one room, and how late they are: ours, Node's, Channels'."""

import asyncio
import math
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import redis.asyncio

from bench.realtime.product import Realtime, serving
from bench.realtime.sockets import Counter, Tally, close_all, open_all
from bench.stage import Stage, child
from local.server import free_port

SOCKETS = 500
# Frames on their way at once, over all sockets; and how many are handed to the bus in one go.
WINDOW = 64
BATCH = 16
_SAMPLED = 25

Send = Callable[[Sequence[int]], Awaitable[None]]


@dataclass(slots=True)
class Crowd:
    """Open sockets in one room, and how to send numbered frames to all of them."""

    sockets: list[Counter]
    tally: Tally
    send: Send
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**8)))

    async def flood(self, seconds: float, *, frames: float = math.inf) -> float:
        """Deliveries a second, with WINDOW frames on their way; ends after so many frames, too."""
        tally, count = self.tally, len(self.sockets)
        start, first, sent, now = time.perf_counter(), tally.frames, 0, 0.0
        while (now := time.perf_counter()) - start < seconds and sent < frames:
            if sent - (tally.frames - first) / count < WINDOW:
                await self._say(BATCH)
                sent += BATCH
            else:
                await asyncio.sleep(0)
        return (tally.frames - first) / (now - start)

    async def stream(self, deliveries: float, seconds: float) -> None:
        """Frames at an even pace of so many deliveries a second."""
        pause = len(self.sockets) / deliveries
        start, sent = time.perf_counter(), 0
        while (now := time.perf_counter()) - start < seconds:
            due = int((now - start) / pause) - sent
            if due > 0:
                await self._say(due)
                sent += due
            await asyncio.sleep(min(pause, 0.002))

    async def _say(self, count: int) -> None:
        numbers = [next(self.numbers) for _ in range(count)]
        now = time.perf_counter()
        self.tally.sent_at.update(dict.fromkeys(numbers, now))
        await self.send(numbers)


def listeners(tally: Tally) -> Callable[[], Counter]:
    """Makes listeners, one in so many of which notes delays."""
    made = iter(range(10**9))
    return lambda: Counter(tally, samples=next(made) % _SAMPLED == 0)


async def crowd_of_product(process: Realtime, stage: Stage, room_id: UUID, tokens: Sequence[str]) -> Crowd:
    """Sockets that have joined a room of the product."""
    tally = Tally()
    urls = [f"{process.url}?token={token}" for token in tokens]
    sockets = await open_all(urls, listeners(tally), ready="presence_snapshot")
    for each in sockets:
        await each.ask("room_joined", type="join_room", room_id=str(room_id))
        each.counting = True
    return Crowd(sockets, tally, sender_of_product(stage, room_id))


def sender_of_product(stage: Stage, room_id: UUID) -> Send:
    from core.realtime import Joined, scripts  # noqa: PLC0415 - after setup
    from core.realtime.bus import _calls  # noqa: PLC0415
    from core.realtime.events import FileRejected  # noqa: PLC0415

    client = redis.asyncio.Redis.from_url(stage.redis_url)
    script = client.register_script(scripts.PUBLISH)
    message_id = uuid4()

    async def send(numbers: Sequence[int]) -> None:
        events = (
            FileRejected(message_id=message_id, room_id=room_id, reason=padded(number)) for number in numbers
        )
        async with client.pipeline(transaction=False) as pipeline:
            for channels, arguments in _calls((event, Joined(room_id)) for event in events):
                await script(channels, arguments, client=pipeline)
            await pipeline.execute()

    return send


def padded(number: int) -> str:
    """About 300 bytes that end with the number."""
    return f"{'x' * 240}{number:08d}"


def text_of(number: int) -> str:
    """The frame that the peers deliver: as long as ours."""
    frame = '{"event_id":"1790000000000-12345","type":"file_rejected","message_id":"%s","room_id":"%s",'
    return frame % (uuid4(), uuid4()) + f'"reason":"{padded(number)}"}}'


@contextmanager
def node(stage: Stage) -> Iterator[str | None]:
    """The URL of Node's room; None where npm can't install ws and redis."""
    folder, port = stage.folder / "node", free_port()
    folder.mkdir(exist_ok=True)
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "ws", "redis"]
    try:
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        yield None
        return
    env = stage.env | {"PORT": str(port), "NODE_PATH": str(folder)}
    with child(["node", str(Path("bench/peers/room.mjs").absolute())], env):
        yield f"ws://127.0.0.1:{port}/"


@contextmanager
def channels(stage: Stage) -> Iterator[str]:
    port = free_port()
    command = ["uvicorn", "bench.peers.channels_room:application", "--port", str(port)]
    flags = ["--ws-per-message-deflate", "false", "--log-level", "error", "--lifespan", "off"]
    env = stage.env | {"DJANGO_SETTINGS_MODULE": ""}
    with child([sys.executable, "-m", *command, *flags], env):
        yield f"ws://127.0.0.1:{port}/"


async def crowd_of_peer(url: str, send: Send) -> Crowd:
    tally = Tally()
    for _ in range(200):
        try:
            [probe] = await open_all([url], lambda: Counter(tally))
            close_all([probe])
            break
        except OSError:
            await asyncio.sleep(0.05)
    sockets = await open_all([url] * SOCKETS, listeners(tally))
    for each in sockets:
        each.counting = True
    await asyncio.sleep(0.5)  # until the last has been added to the room: nothing tells
    return Crowd(sockets, tally, send)


def sender_of_node(stage: Stage) -> Send:
    client = redis.asyncio.Redis.from_url(stage.redis_url)

    async def send(numbers: Sequence[int]) -> None:
        async with client.pipeline(transaction=False) as pipeline:
            for number in numbers:
                pipeline.publish("room", text_of(number))
            await pipeline.execute()

    return send


def sender_of_channels(stage: Stage) -> Send:
    from channels_redis.core import (  # type: ignore[import-untyped]  # noqa: PLC0415 - a peer
        RedisChannelLayer,
    )

    layer = RedisChannelLayer(hosts=[stage.redis_url], capacity=10_000)

    async def send(numbers: Sequence[int]) -> None:
        for number in numbers:
            await layer.group_send("room", {"type": "chat.message", "text": text_of(number)})

    return send


async def rate_of(crowd: Crowd, seconds: float) -> float:
    """Deliveries a second, after a warm-up; the sockets are closed."""
    await crowd.flood(min(seconds, 1.0))
    rate = await crowd.flood(seconds)
    close_all(crowd.sockets)
    return rate


def measure(stage: Stage, room_id: UUID, tokens: Sequence[str], seconds: float) -> dict[str, float]:
    """Deliveries a second of each that can be had."""
    rates = {}
    with serving(stage) as process:

        async def ours() -> float:
            return await rate_of(await crowd_of_product(process, stage, room_id, tokens), seconds)

        rates["product"] = asyncio.run(ours())
    with node(stage) as url:
        if url:
            rates["Node ws"] = asyncio.run(_rate_of_peer(url, sender_of_node(stage), seconds))
    with channels(stage) as url:
        rates["Channels"] = asyncio.run(_rate_of_peer(url, sender_of_channels(stage), seconds))
    return rates


async def _rate_of_peer(url: str, send: Send, seconds: float) -> float:
    return await rate_of(await crowd_of_peer(url, send), seconds)
