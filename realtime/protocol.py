"""uvicorn's WebSocket protocol, plus what ASGI has no words for.

A hub writes one ready-made frame to many connections: it must not wait for any, and must be able
to drop one whose peer doesn't read (docs/decisions/0020-hub-writes.md).
Run with `--ws realtime.protocol:Connection`; it reaches the application as state["connection"].
"""

import asyncio
import socket
from asyncio.transports import BaseTransport
from typing import Any, cast

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets import http11

from realtime.metrics import COUNTS
from realtime.slim import Flag, Mailbox

# A reader this far behind what it should have read is cut off.
MAX_BACKLOG_BYTES = 1024 * 1024
MAX_BACKLOG_FRAMES = 4096
TRY_AGAIN_LATER = 1013
# More than the edge lets through: a token of any length that arrives is told that it doesn't hold.
http11.MAX_LINE_LENGTH = 40 * 1024
# What the kernel holds for one socket, which no bound of ours sees.
_SEND_BUFFER = 64 * 1024
_LINGER = 10.0


def text_frame(text: bytes) -> bytes:
    """A whole unmasked text frame (RFC 6455, 5.2), as every connection can be sent it."""
    length = len(text)
    if length < 126:
        return b"\x81" + length.to_bytes(1) + text
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2) + text
    return b"\x81\x7f" + length.to_bytes(8) + text


class Connection(WebSocketsSansIOProtocol):
    """One client's connection. Everything but `accept` is sent by `write` and `end`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "connection": self}, _loop)
        self.queue = cast("asyncio.Queue[ASGIReceiveEvent]", Mailbox())
        self.writable = cast("asyncio.Event", Flag())
        self.writable.set()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._linger: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether frames can be sent: accepted, and neither side has closed."""
        return (
            self.handshake_complete
            and not self.close_sent
            and not self.disconnected
            and not self.transport.is_closing()
        )

    def write(self, frames: bytes) -> None:
        """Send whole frames without waiting; frames for a closed connection are dropped.

        What a slow reader can't take yet is held, up to a bound: past it the reader is cut off.
        """
        if not self.is_open:
            return
        if self.writable.is_set():
            self.transport.write(frames)
            return
        self._held.append(frames)
        self._held_bytes += len(frames)
        if self._held_bytes > MAX_BACKLOG_BYTES or len(self._held) > MAX_BACKLOG_FRAMES:
            self._forget_held()
            COUNTS.dropped += 1
            self.end(TRY_AGAIN_LATER, "You are reading too slowly")

    def end(self, code: int, reason: str = "") -> None:
        """Close, after what is held; the peer has some seconds to take it."""
        if not self.is_open:
            return
        self._write_held()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        # uvicorn's own timer would wait for a peer that never reads.
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def forget_handshake(self) -> None:
        """Free what only the handshake needed; the token was part of it."""
        self.scope["headers"] = []
        self.scope["query_string"] = b""
        # The parser's frame keeps the request itself.
        self.request.headers.clear()
        self.request.path = ""
        self.request = self.response = cast("Any", None)

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        if peer := transport.get_extra_info("socket"):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # The library refused a request that it couldn't read, which uvicorn doesn't look for.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._linger:
            self._linger.cancel()
        self._forget_held()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_held()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body":
            # A handshake that was refused is one, too; uvicorn would log an error of ours.
            self.handshake_complete = True

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        super().on_task_complete(task)
        if not self.disconnected:
            self._leave_soon()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._leave_soon()

    def shutdown(self) -> None:
        super().shutdown()
        self._leave_soon()

    def _leave_soon(self) -> None:
        """A closing transport waits until its peer has read everything: not for ever."""
        if self._linger is None:
            self._linger = self.loop.call_later(_LINGER, self.transport.abort)

    def _write_held(self) -> None:
        if self._held:
            frames = b"".join(self._held)
            self._forget_held()
            self.transport.write(frames)

    def _forget_held(self) -> None:
        self._held.clear()
        self._held_bytes = 0
