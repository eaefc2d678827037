"""What a probe makes of a process that serves, is unwell, or says nothing."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local.probes import Health, Probe, accepts, answers, beats, listens
from local.server import free_port


@asynccontextmanager
async def serving(socket: Path, reply: bytes) -> AsyncIterator[None]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(handle, socket):
        yield


def health(probe: Probe) -> Health:
    async def look() -> Health:
        return await probe()

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", Health.SERVES),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Health.SERVES),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Health.UNWELL),
        (b"", Health.SILENT),
        (b"nonsense\r\n", Health.SILENT),
    ],
)
def test_an_http_answer(folder: Path, reply: bytes, expected: Health) -> None:
    async def look() -> Health:
        async with serving(folder / "s", reply):
            return await answers(folder / "s", "/health/live/")()

    assert asyncio.run(look()) is expected


def test_nobody_there(folder: Path) -> None:
    assert health(answers(folder / "none", "/")) is Health.SILENT
    assert health(listens(free_port())) is Health.SILENT


def test_a_heartbeat_counts_while_it_is_fresh(folder: Path) -> None:
    heartbeat = folder / "heartbeat"
    assert health(beats(heartbeat)) is Health.SILENT
    heartbeat.touch()
    assert health(beats(heartbeat)) is Health.SERVES
    age = heartbeat.stat().st_mtime - 20
    os.utime(heartbeat, (age, age))
    assert health(beats(heartbeat)) is Health.SILENT


def test_a_blocking_check() -> None:
    assert health(accepts(lambda: True)) is Health.SERVES
    assert health(accepts(lambda: False)) is Health.SILENT
