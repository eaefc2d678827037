"""A socket lives as long as its token: a warning a minute before the end, then 4001."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from realtime.registry import Socket

WARNING = timedelta(minutes=1)
UNAUTHORIZED = 4001


def watch(socket: Socket, expires_at: datetime, warn: Callable[[Socket, datetime], None]) -> None:
    """Warn and close when this token says, instead of when an older one said."""
    forget(socket)
    _at(socket, expires_at - WARNING, _warn, expires_at, warn)


def forget(socket: Socket) -> None:
    """The socket has closed."""
    if socket.timer:
        socket.timer.cancel()
        socket.timer = None


def _warn(socket: Socket, expires_at: datetime, warn: Callable[[Socket, datetime], None]) -> None:
    warn(socket, expires_at)
    _at(socket, expires_at, _end)


def _end(socket: Socket) -> None:
    socket.connection.end(UNAUTHORIZED, "The token has expired")


def _at(socket: Socket, moment: datetime, call: Callable[..., None], *args: object) -> None:
    delay = max(0.0, (moment - datetime.now(UTC)).total_seconds())
    socket.timer = asyncio.get_running_loop().call_later(delay, call, socket, *args)
