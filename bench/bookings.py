"""From a booking's 201 to the frame on its owner's socket, beside the floor of its parts.

    python -m bench.bookings [seconds] [a second]

The whole product runs as `make run` starts it; bookings come at a steady 50 a second whatever they
take. The floor is what no such path can do without, each measured alone, in the same run: one
commit, one hop over the broker (LPUSH to BRPOP), one publish heard by a subscriber.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import redis
from websockets.sync.client import connect

from bench import report
from bench.machine import described
from tests.local.running import ROOT, LocalRun

RATE = 50
WARMING = 2.0
_CLIENTS = 20
_PLANT = "from tests.e2e.chaos.plant import plant; plant(clients=20, accountants=1, newcomers=0)"


class Owner:
    """A socket of the service's owner that notes when it hears of each booking."""

    def __init__(self, url: str, token: str) -> None:
        self.heard: dict[str, float] = {}
        self._socket = connect(f"{url}?token={token}")
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for frame in self._socket:
            now = time.perf_counter()
            event = json.loads(frame)
            if event.get("type") == "new_notification":
                self.heard[event["related_object_id"]] = now


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else RATE
    folder = Path(tempfile.mkdtemp(prefix="ma-bench-"))
    run = LocalRun(ROOT, folder / "var", THROTTLES="off", LOG_LEVEL="WARNING")
    run.start()
    try:
        run.until_ready()
        servers = json.loads((run.var / "run" / "servers.json").read_text())
        delays, cost = _measure(run, seconds, rate)
        floor = _floor(servers["DATABASE_URL"], servers["REDIS_URL"])
        print(described(servers, "celery", "granian", "psycopg", "redis"))
    finally:
        run.stop()
        shutil.rmtree(folder, ignore_errors=True)
    _print(delays, cost, floor, rate)


def _measure(run: LocalRun, seconds: float, rate: int) -> tuple[list[float], float]:
    """From each 201 to its frame, below zero if the frame came first; processor time. Milliseconds."""
    planted = json.loads(run.manage("shell", "--no-imports", "--command", _PLANT).stdout.splitlines()[-1])
    ((service_id, owner),) = planted["owners"].items()
    socket = Owner(f"ws://localhost:{run.port}/ws/global/", owner["token"])
    _book(run, service_id, planted["clients"], WARMING, rate)
    spent = _processor_seconds(run)
    answered = _book(run, service_id, planted["clients"], seconds, rate)
    deadline = time.monotonic() + 30
    while answered.keys() - socket.heard.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    if lost := answered.keys() - socket.heard.keys():
        raise SystemExit(f"{len(lost)} frames never came\n{run.output[-3000:]}")
    cost = (_processor_seconds(run) - spent) * 1000 / len(answered)
    return [(socket.heard[booking] - moment) * 1000 for booking, moment in answered.items()], cost


def _processor_seconds(run: LocalRun) -> float:
    """What the product's processes have used so far."""
    return sum(sum(process.cpu_times()[:2]) for process in run.processes())


def _book(run: LocalRun, service_id: str, tokens: list[str], seconds: float, rate: int) -> dict[str, float]:
    """When each booking was answered."""
    answered: dict[str, float] = {}
    http = httpx.Client(base_url=f"http://localhost:{run.port}", timeout=30)

    def book(number: int) -> None:
        headers = {"Authorization": f"Bearer {tokens[number % len(tokens)]}"}
        body = {"service": service_id, "full_name": "Bench"}
        answer = http.post("/bookings/create/", json=body, headers=headers)
        moment = time.perf_counter()
        answered[answer.raise_for_status().json()["booking_id"]] = moment

    began = time.perf_counter()
    with http, ThreadPoolExecutor(_CLIENTS) as pool:
        futures = []
        for number in range(int(seconds * rate)):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            futures.append(pool.submit(book, number))
        for future in futures:
            future.result()
    return answered


def _floor(database_url: str, redis_url: str) -> dict[str, list[float]]:
    """Milliseconds of each part alone."""
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute("CREATE TABLE bench_floor (id uuid PRIMARY KEY)")
        commit = _timed(lambda: _insert(database, uuid4()))
        database.execute("DROP TABLE bench_floor")
    return {
        "one commit": commit,
        "one broker hop": _timed(Hop(redis_url)),
        "one publish": _timed(Publish(redis_url)),
    }


def _insert(database: "psycopg.Connection[Any]", row: UUID) -> None:
    database.execute("INSERT INTO bench_floor VALUES (%s)", [row])


class Hop:
    """A message from one connection to another that waits for it."""

    def __init__(self, url: str) -> None:
        self._sender, self._receiver = redis.Redis.from_url(url), redis.Redis.from_url(url)
        self._arrived = Event()
        Thread(target=self._receive, daemon=True).start()

    def __call__(self) -> None:
        self._arrived.clear()
        self._sender.lpush("bench:hop", b"x")
        self._arrived.wait(5)

    def _receive(self) -> None:
        with suppress(redis.ConnectionError):  # the end of the run
            while self._receiver.brpop(["bench:hop"]):
                self._arrived.set()


class Publish:
    """An event from a publisher to a subscriber."""

    def __init__(self, url: str) -> None:
        self._sender = redis.Redis.from_url(url)
        self._heard = redis.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._heard.subscribe("bench:publish")
        self._heard.get_message(timeout=5)

    def __call__(self) -> None:
        self._sender.publish("bench:publish", b"x")
        while self._heard.get_message(timeout=5) is None:
            pass


def _timed(step: Callable[[], None], times: int = 500) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        step()
        found.append((time.perf_counter() - began) * 1000)
    return found


def _print(delays: list[float], cost: float, floor: dict[str, list[float]], rate: int) -> None:
    found = {"201 to the owner's frame": delays, **floor}
    rows = [
        [name, *(f"{report.percentile(values, percent):.2f}" for percent in (50, 99))]
        for name, values in found.items()
    ]
    rows.append(["the floor: the sum of the last three", f"{sum(map(median, floor.values())):.2f}", ""])
    rows.append(["processor time a booking, all processes", f"{cost:.1f}", ""])
    report.table([f"{len(delays)} bookings at {rate}/s, in the same run", "p50 ms", "p99 ms"], rows)


if __name__ == "__main__":
    main()
