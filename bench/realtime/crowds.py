"""Ten thousand sockets: what an idle one costs, and how soon all are back after a kill."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from picows import WSFrame, WSTransport

from bench.realtime.product import Realtime
from bench.realtime.sockets import Counter, Tally, close_all, open_all
from bench.stage import Stage
from local.server import free_port


@dataclass(frozen=True, slots=True)
class Measured:
    """Bytes an idle socket; seconds until all were in, and were back; the most database connections."""

    sockets: int
    resident: float
    arrival: float
    back: float
    errors: int
    connections: int


def measure(stage: Stage, tokens: Sequence[str]) -> Measured:
    """Connect all, look at the memory, kill the process, start it anew, and let all come back."""
    port = free_port()
    first = Realtime(stage, port)
    try:
        first.wait()
        before = first.resident
        return asyncio.run(_measure(stage, tokens, first, before))
    finally:
        first.stop()


async def _measure(stage: Stage, tokens: Sequence[str], first: Realtime, before: int) -> Measured:
    began = time.perf_counter()
    urls = [f"{first.url}?token={token}" for token in tokens]
    sockets = await open_all(urls, lambda: Counter(Tally()), ready="presence_snapshot")
    arrival = time.perf_counter() - began
    await asyncio.sleep(5)  # what the handshakes left is freed by then
    resident = (first.resident - before) / len(sockets)
    since = [f"{url}&last_event_id={each.position}" for url, each in zip(urls, sockets, strict=True)]
    first.kill()
    await asyncio.wait([each.closed for each in sockets])
    second = Realtime(stage, first.port)
    try:
        await asyncio.to_thread(second.wait)
        back, errors, connections = await _come_back(stage, since)
    finally:
        second.stop()
    return Measured(len(sockets), resident, arrival, back, errors, connections)


class Returning(Counter):
    """A socket that resumes; refused: it was told to fetch everything anew."""

    refused = False

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if b"resync_required" in frame.get_payload_as_bytes():
            self.refused = True
        super().on_ws_frame(transport, frame)


class Watch:
    """The most connections to the database that were seen at once, its own not among them."""

    def __init__(self, stage: Stage) -> None:
        self._url = stage.database_url
        self.most = 0

    async def run(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            while True:
                found = await connection.execute(
                    "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
                )
                [count] = await found.fetchone() or [0]
                self.most = max(self.most, count)
                await asyncio.sleep(0.1)


async def _come_back(stage: Stage, urls: Sequence[str]) -> tuple[float, int, int]:
    """Seconds until all are back, how many of them couldn't resume, the most database connections."""
    watch = Watch(stage)
    watching = asyncio.create_task(watch.run())
    began = time.perf_counter()
    sockets = await open_all(urls, lambda: Returning(Tally()), ready="presence_snapshot")
    back = time.perf_counter() - began
    watching.cancel()
    close_all(sockets)
    return back, sum(each.refused for each in sockets if isinstance(each, Returning)), watch.most
