"""Tells whether a process serves: it answers on its address, or its heartbeat goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from pathlib import Path


class Health(Enum):
    """What a probe sees. Only a silent process may have to be killed: an unwell one says why."""

    SERVES = auto()
    UNWELL = auto()
    SILENT = auto()


Probe = Callable[[], Awaitable[Health]]

_TIMEOUT = 2.0
_HEARTBEAT_SECONDS = 15.0
"""A heartbeat comes every 2 s; a call to a frozen broker holds one back for about 4 s."""


async def always() -> Health:
    """For a process of which nothing but its life can be seen."""
    return Health.SERVES


def listens(port: int) -> Probe:
    """Something accepts connections on a loopback port."""

    async def probe() -> Health:
        return await _within_timeout(_connects(port))

    return probe


def answers(address: Path | int, path: str) -> Probe:
    """It answers an HTTP request on a unix socket or a loopback port; a server error is unwell."""

    async def probe() -> Health:
        return await _within_timeout(_answers(address, path))

    return probe


def beats(heartbeat: Path) -> Probe:
    """Its heartbeat file has been touched lately."""

    async def probe() -> Health:
        try:
            touched = heartbeat.stat().st_mtime  # noqa: ASYNC240 - one stat doesn't block
        except FileNotFoundError:
            return Health.SILENT
        return Health.SERVES if time.time() - touched < _HEARTBEAT_SECONDS else Health.SILENT

    return probe


def accepts(check: Callable[[], bool]) -> Probe:
    """A blocking check, made in a thread."""

    async def checked() -> Health:
        return Health.SERVES if await asyncio.to_thread(check) else Health.SILENT

    async def probe() -> Health:
        return await _within_timeout(checked())

    return probe


async def _within_timeout(check: Awaitable[Health]) -> Health:
    try:
        return await asyncio.wait_for(check, _TIMEOUT)
    except (OSError, TimeoutError):
        return Health.SILENT


async def _open(address: Path | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, int):
        return await asyncio.open_connection("127.0.0.1", address)
    return await asyncio.open_unix_connection(address)


async def _connects(port: int) -> Health:
    _, writer = await _open(port)
    writer.close()
    return Health.SERVES


async def _answers(address: Path | int, path: str) -> Health:
    reader, writer = await _open(address)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        status = (await reader.readline()).split()
    finally:
        writer.close()
    if len(status) < 2 or not status[1].isdigit():
        return Health.SILENT
    return Health.SERVES if int(status[1]) < 500 else Health.UNWELL
