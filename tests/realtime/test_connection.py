"""A connection that is over goes, whether or not its peer reads what it was sent last."""

import asyncio
import socket
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from realtime import protocol
from realtime.protocol import Connection, text_frame

PATIENCE = 30.0
HANDSHAKE = (
    b"GET /ws/global/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
# More than the kernel takes for a peer that doesn't read, and less than such a peer is cut off for.
UNREAD = 10 * text_frame(b"x" * 60_000)
LAST_WORDS = {
    "a frame over the limit": b"\x81\xff" + (100_000).to_bytes(8) + b"mask",
    "a frame that isn't one": b"\xff\x80mask",
    "a close frame": b"\x88\x80mask",
}


@pytest.fixture
def committed() -> None:
    """Nothing here is in a database."""


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    scope["state"]["connection"].write(UNREAD)
    while (await receive())["type"] != "websocket.disconnect":
        pass


@pytest.mark.parametrize("last", LAST_WORDS)
def test_peer_that_never_reads_is_dropped(last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_LINGER", 0.05)
    config = Config(application, ws_max_size=65_536, ws_ping_interval=None, lifespan="off", log_config=None)
    config.load()
    state = ServerState()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
        with socket.socket() as peer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.setblocking(False)
            await loop.sock_connect(peer, server.sockets[0].getsockname())
            await loop.sock_sendall(peer, HANDSHAKE)
            async with asyncio.timeout(PATIENCE):
                while not any(
                    connection.transport.get_write_buffer_size() for connection in connected(state)
                ):
                    await asyncio.sleep(0)
                await loop.sock_sendall(peer, LAST_WORDS[last])
                while state.connections:
                    await asyncio.sleep(0)
        server.close()

    asyncio.run(main())


def connected(state: ServerState) -> list[Connection]:
    return [connection for connection in state.connections if isinstance(connection, Connection)]
