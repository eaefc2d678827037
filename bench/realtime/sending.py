"""What a sender waits for, and what a reader that has stopped reading costs the others."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from bench.realtime.fanout import Crowd, crowd_of_product
from bench.realtime.product import Realtime, serving
from bench.realtime.sockets import Counter, Tally, close_all, open_all
from bench.report import percentile
from bench.stage import Stage

PACE = 0.025
# With these a stalled reader's backlog is past every bound, its kernel's buffers included.
_MORE_THAN_HELD = 5_000


@dataclass(frozen=True, slots=True)
class Waits:
    """Percentiles in seconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, values: list[float]) -> "Waits":
        return cls(percentile(values, 50), percentile(values, 99))


@dataclass(frozen=True, slots=True)
class Stalled:
    """The others' delays without and with a reader that doesn't read, and what became of it."""

    without: Waits
    beside: Waits
    close_code: int | None


def message_sent(
    stage: Stage, room_id: UUID, tokens: Sequence[str], deliveries: float, seconds: float
) -> tuple[Waits, Waits]:
    """message_sent while the room takes so many deliveries a second; a commit alone, beside it."""

    async def run() -> tuple[Waits, Waits]:
        crowd = await crowd_of_product(process, stage, room_id, tokens)
        [sender] = await open_all(
            [f"{process.url}?token={tokens[0]}"], lambda: Counter(Tally()), ready="presence_snapshot"
        )
        await sender.ask("room_joined", type="join_room", room_id=str(room_id))
        connection = await psycopg.AsyncConnection.connect(stage.database_url, autocommit=True)
        await connection.execute("CREATE TABLE IF NOT EXISTS floor (n int)")

        async def send() -> None:
            await sender.ask("message_sent", type="send_message", room_id=str(room_id), content="x" * 200)

        async def commit() -> None:
            await connection.execute("INSERT INTO floor VALUES (1)")

        _, sent, committed = await asyncio.gather(
            crowd.stream(deliveries, seconds), _timed(send, seconds), _timed(commit, seconds)
        )
        await connection.close()
        close_all([sender, *crowd.sockets])
        return Waits.of(sent), Waits.of(committed)

    with serving(stage) as process:
        return asyncio.run(run())


async def _timed(do: Callable[[], Awaitable[None]], seconds: float) -> list[float]:
    """How long it takes, again and again at an even pace; the first second doesn't count."""
    start, took = time.perf_counter(), []
    while (began := time.perf_counter()) - start < seconds:
        await do()
        ended = time.perf_counter()
        if began - start > 1:
            took.append(ended - began)
        await asyncio.sleep(max(0, PACE - (ended - began)))
    return took


def stalled_reader(
    stage: Stage, room_id: UUID, tokens: Sequence[str], deliveries: float, seconds: float
) -> Stalled:
    """Delays in a room at so many deliveries a second, without and with a stalled reader in it."""

    async def run() -> Stalled:
        crowd = await crowd_of_product(process, stage, room_id, tokens[1:])
        without = await _delays(crowd, deliveries, seconds)
        with closing(_stalled(process, tokens[0], room_id)) as reader:
            beside = await _delays(crowd, deliveries, seconds)
            await crowd.flood(60, frames=_MORE_THAN_HELD)
            code = await asyncio.to_thread(_close_code, reader)
        close_all(crowd.sockets)
        return Stalled(without, beside, code)

    with serving(stage) as process:
        return asyncio.run(run())


async def _delays(crowd: Crowd, deliveries: float, seconds: float) -> Waits:
    await crowd.stream(deliveries, 1)
    crowd.tally.delays.clear()
    await crowd.stream(deliveries, seconds)
    return Waits.of(crowd.tally.delays)


def _stalled(process: Realtime, token: str, room_id: UUID) -> socket.socket:
    """A socket that joins the room and then reads nothing."""
    parts = urlsplit(process.url)
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.settimeout(30)
    reader.connect((parts.hostname or "", parts.port or 0))
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    head = f"GET {parts.path}?token={token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    reader.sendall(f"{head}Connection: Upgrade\r\n{key}".encode())
    received = b""
    while b"presence_snapshot" not in received:
        received += reader.recv(4096)
    reader.sendall(_masked(f'{{"type":"join_room","room_id":"{room_id}"}}'.encode()))
    return reader


def _masked(text: bytes) -> bytes:
    mask = os.urandom(4)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(text))
    return b"\x81" + bytes([0x80 | len(text)]) + mask + body


def _close_code(reader: socket.socket) -> int | None:
    """The code of the close frame at the end of what was left to read."""
    received = bytearray()
    try:
        while chunk := reader.recv(1 << 20):
            received = (received + chunk)[-4096:]
    except OSError:
        pass
    at = received.rfind(b"You are reading")
    return int.from_bytes(received[at - 2 : at]) if at > 1 else None


def send_p50(
    stage: Stage, small: tuple[UUID, str], large: tuple[UUID, str], times: int
) -> tuple[float, float]:
    """The median of message_sent in each of two rooms, taken in turn by a member of each."""

    async def run() -> tuple[float, float]:
        waits: tuple[list[float], list[float]] = ([], [])
        senders = await open_all(
            [f"{process.url}?token={token}" for _, token in (small, large)],
            lambda: Counter(Tally()),
            ready="presence_snapshot",
        )
        rooms = [room_id for room_id, _ in (small, large)]
        for sender, room_id in zip(senders, rooms, strict=True):
            await sender.ask("room_joined", type="join_room", room_id=str(room_id))
        for number in range(times):
            for sender, room_id, took in zip(senders, rooms, waits, strict=True):
                began = time.perf_counter()
                await sender.ask("message_sent", type="send_message", room_id=str(room_id), content="hello")
                if number > times // 10:
                    took.append(time.perf_counter() - began)
        close_all(senders)
        return median(waits[0]), median(waits[1])

    with serving(stage) as process:
        return asyncio.run(run())
