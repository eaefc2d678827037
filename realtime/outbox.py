"""Frames on their way from the bus to sockets: gathered for one turn of the loop, then written.

Under load one turn reads many messages, and each socket gets them in one write.
"""

import asyncio
from collections.abc import Iterable

from realtime.metrics import COUNTS
from realtime.protocol import Connection, text_frame
from realtime.registry import Socket


class Outbox:
    """Keeps the order of what each socket is sent."""

    def __init__(self) -> None:
        self._batches: list[tuple[list[Connection], bytes]] = []

    def add(self, text: bytes, sockets: Iterable[Socket]) -> None:
        """Send a text to these sockets at the end of this turn."""
        connections = [socket.connection for socket in sockets]
        if connections:
            self._queue(connections, text)

    def write(self, text: bytes, connection: Connection) -> None:
        """Send a text to one connection, in order with the others."""
        self._queue([connection], text)

    def _queue(self, connections: list[Connection], text: bytes) -> None:
        if not self._batches:
            asyncio.get_running_loop().call_soon(self._flush)
        COUNTS.deliveries += len(connections)
        self._batches.append((connections, text_frame(text)))

    def _flush(self) -> None:
        batches, self._batches = self._batches, []
        if len(batches) == 1:
            connections, frame = batches[0]
            for connection in connections:
                connection.write(frame)
            return
        gathered: dict[Connection, list[bytes]] = {}
        for connections, frame in batches:
            for connection in connections:
                gathered.setdefault(connection, []).append(frame)
        for connection, frames in gathered.items():
            connection.write(b"".join(frames))
