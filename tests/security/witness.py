"""Whoever can read logs, Valkey or Flower, and what they see while people use the product."""

import base64
import json
import re
from collections.abc import Iterator
from functools import partial
from threading import Thread
from typing import Self

import httpx
from psycopg import connect
from redis import ConnectionError as Gone
from redis import Redis
from redis.client import Monitor

from tests.e2e.harness import Product
from tests.local.running import until
from tests.scraping import scrape, told_address

_BODY = re.compile(r'body[\\"]+:\s*[\\"]+([A-Za-z0-9+/=]{8,})')


class Witness:
    """Reads every command that Valkey is sent: events, rates, and each message to a queue."""

    def __init__(self, product: Product) -> None:
        self.product = product
        servers = product.servers()
        self.urls = {servers["REDIS_URL"], servers["BROKER_URL"]}
        self.commands: list[str] = []

    def __enter__(self) -> Self:
        for url in self.urls:
            monitor: Monitor = Redis.from_url(url).monitor()  # type: ignore[no-untyped-call]
            monitor.__enter__()  # type: ignore[no-untyped-call]
            Thread(target=self._listen, args=(monitor,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """The monitors end with the server they listen to."""

    def _listen(self, monitor: Monitor) -> None:
        try:
            self.commands += (str(heard["command"]) for heard in monitor.listen())  # type: ignore[no-untyped-call]
        except Gone:
            return

    def valkey(self) -> list[str]:
        """What it was told so far, the bodies of messages decoded, and all it holds now."""
        for number, url in enumerate(self.urls):
            last = f"the-witness-is-up-to-here-{number}"
            Redis.from_url(url).echo(last)
            until(partial(self._was_told, last))
        told = list(self.commands)
        found = (body for line in told for body in _BODY.findall(line))
        bodies = (base64.b64decode(body).decode(errors="replace") for body in found)
        return [*told, *bodies, *self._held()]

    def _was_told(self, word: str) -> bool:
        return any(word in told for told in list(self.commands))

    def _held(self) -> Iterator[str]:
        for url in self.urls:
            server: Redis = Redis.from_url(url)
            for key in server.scan_iter():
                yield f"{key!r} {server.dump(key)!r}"

    def logs(self) -> str:
        """What every process wrote, and the console of the run without the table it begins with."""
        files = sorted((self.product.var / "logs").rglob("*"))
        console = self.product.output.partition("Ctrl-C stops")[2]
        return "\n".join([*(path.read_text(errors="replace") for path in files if path.is_file()), console])

    def ledger(self) -> str:
        """Every job with its parameters and the trace of its last failure."""
        with connect(self.product.servers()["DATABASE_URL"]) as database:
            return str(database.execute("SELECT to_jsonb(job)::text FROM jobs_job job").fetchall())

    def metrics(self) -> str:
        """What every process tells Prometheus."""
        files = (self.product.var / "run").glob("*.metrics.json")
        return "".join(scrape(address) for path in files if (address := told_address(path)))

    def flower(self) -> str:
        """Every task and worker as Flower's API tells of them, and its pages."""
        with httpx.Client(base_url=self.product.flower_url, auth=self.product.flower_auth) as client:
            tasks = client.get("/api/tasks", params={"limit": 2000})
            said = [tasks.text, client.get("/api/workers").text, client.get("/metrics").text]
            for task in tasks.json():
                said += (client.get(f"{path}/{task}").text for path in ("/api/task/info", "/task"))
        return json.dumps(said)
