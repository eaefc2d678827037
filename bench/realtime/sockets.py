"""The load client: many sockets that count what they get, in Cython but for one call a frame."""

import asyncio
import resource
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

AT_ONCE = 200


def raise_limit() -> int:
    """As many files as allowed; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Tally:
    """What all sockets of a run have got. sent_at[n]: when frame n was sent; delays in seconds."""

    def __init__(self) -> None:
        self.frames = 0
        self.sent_at: dict[int, float] = {}
        self.delays: list[float] = []


class Counter(WSListener):
    """Counts frames of the room; says when one of a type comes that it waits for."""

    def __init__(self, tally: Tally, *, samples: bool = False) -> None:
        self.tally = tally
        self.samples = samples
        self.transport: WSTransport | None = None
        self.close_code: WSCloseCode | None = None
        self.closed = asyncio.get_running_loop().create_future()
        self.counting = False
        self.hello = b""
        self._wanted: tuple[bytes, asyncio.Future[bytes]] | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if self.counting and self._wanted is None:
            self.tally.frames += 1
            if self.samples and frame.msg_type == WSMsgType.TEXT:
                self._sample(frame.get_payload_as_bytes())
            return
        self._other(transport, frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        if self._wanted and not self._wanted[1].done():
            self._wanted[1].set_exception(ConnectionError(f"closed {self.close_code}"))

    def send(self, **frame: Any) -> None:
        if self.transport is None:
            raise ConnectionError
        self.transport.send(WSMsgType.TEXT, orjson.dumps(frame))

    async def ask(self, answer: str, **frame: Any) -> bytes:
        """Send a frame; the answer of this type."""
        waiting = self.expect(answer)
        self.send(**frame)
        return await waiting

    def expect(self, kind: str) -> "asyncio.Future[bytes]":
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._wanted = (f'"type":"{kind}"'.encode(), future)
        return future

    @property
    def position(self) -> str:
        """The id of the event it was made ready by."""
        return self.hello.partition(b'"event_id":"')[2].partition(b'"')[0].decode()

    def _sample(self, text: bytes) -> None:
        sent = self.tally.sent_at.get(int(text[-10:-2])) if text[-10:-2].isdigit() else None
        if sent is not None:
            self.tally.delays.append(time.perf_counter() - sent)

    def _other(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            self.close_code = frame.get_close_code()
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            text = frame.get_payload_as_bytes()
            if self.counting:
                self.tally.frames += 1
            if self._wanted and self._wanted[0] in text:
                future, self._wanted = self._wanted[1], None
                if not future.done():
                    future.set_result(text)


async def open_all(
    urls: Iterable[str], make: Callable[[], Counter], *, ready: str | None = None, at_once: int = AT_ONCE
) -> list[Counter]:
    """A socket to each URL, so many at a time; each has got a frame of type `ready`."""
    gate = asyncio.Semaphore(at_once)

    async def open_one(url: str) -> Counter:
        async with gate:
            made: list[tuple[Counter, Any]] = []

            def factory() -> Counter:
                listener = make()
                made.append((listener, listener.expect(ready) if ready else None))
                return listener

            await ws_connect(factory, url, websocket_handshake_timeout=60)
            listener, waiting = made[0]
            if waiting:
                listener.hello = await asyncio.wait_for(waiting, 120)
            return listener

    return list(await asyncio.gather(*map(open_one, urls)))


def close_all(sockets: Iterable[Counter]) -> None:
    for each in sockets:
        if each.transport:
            each.transport.disconnect()
