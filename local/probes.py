"""Tells whether a process serves: it answers on its address, or its heartbeat goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

Probe = Callable[[], Awaitable[bool]]

_TIMEOUT = 2.0
_HEARTBEAT_SECONDS = 8.0
"""A heartbeat comes every 2 s; a machine under load may delay some."""


async def always() -> bool:
    """For a process of which nothing but its life can be seen."""
    return True


def listens(address: Path | int) -> Probe:
    """Something accepts connections on a unix socket or a loopback port."""

    async def probe() -> bool:
        return await _within_timeout(_connects(address))

    return probe


def answers(address: Path | int, path: str) -> Probe:
    """It answers an HTTP request, with anything but a server error."""

    async def probe() -> bool:
        return await _within_timeout(_answers(address, path))

    return probe


def beats(heartbeat: Path) -> Probe:
    """Its heartbeat file has been touched lately."""

    async def probe() -> bool:
        try:
            touched = heartbeat.stat().st_mtime  # noqa: ASYNC240 - one stat doesn't block
            return time.time() - touched < _HEARTBEAT_SECONDS
        except FileNotFoundError:
            return False

    return probe


def accepts(check: Callable[[], bool]) -> Probe:
    """A blocking check, made in a thread."""

    async def probe() -> bool:
        return await _within_timeout(asyncio.to_thread(check))

    return probe


async def _within_timeout(check: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(check, _TIMEOUT)
    except (OSError, TimeoutError):
        return False


async def _open(address: Path | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, int):
        return await asyncio.open_connection("127.0.0.1", address)
    return await asyncio.open_unix_connection(address)


async def _connects(address: Path | int) -> bool:
    _, writer = await _open(address)
    writer.close()
    return True


async def _answers(address: Path | int, path: str) -> bool:
    reader, writer = await _open(address)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        status = (await reader.readline()).split()
    finally:
        writer.close()
    return len(status) > 1 and status[1].isdigit() and int(status[1]) < 500
