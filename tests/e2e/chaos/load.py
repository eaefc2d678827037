"""A steady load that remembers what it was promised."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Self
from uuid import uuid4

import httpx

_PATIENCE = 60
"""Seconds for which a client tries a request again."""


@dataclass
class Promises:
    """What was answered 2xx, and what may or may not have happened."""

    bookings: set[str] = field(default_factory=set)
    decided: dict[str, str] = field(default_factory=dict)
    perhaps_decided: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    failures: int = 0


class Load:
    """Threads of clients that ask for codes, book, accept and decline, until stopped."""

    def __init__(self, base_url: str, cast: dict[str, Any], *, threads: int, pause: float) -> None:
        self.promises = Promises()
        self._base_url = base_url
        self._clients: list[str] = cast["clients"]
        self._owners: dict[str, dict[str, str]] = cast["owners"]
        self._newcomers: Iterator[str] = iter(cast["newcomers"])
        self._pause = pause
        self._open: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._lock = Lock()
        self._stopping = Event()
        self._turns = count()
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(_PATIENCE * 2)
            assert not thread.is_alive()

    def _run(self) -> None:
        steps = [self._ask_for_a_code, self._book, self._decide]
        with httpx.Client(base_url=self._base_url, timeout=20) as http:
            while not self._stopping.wait(self._pause):
                steps[next(self._turns) % len(steps)](http)

    def _ask_for_a_code(self, http: httpx.Client) -> None:
        """Once for each newcomer: whoever isn't answered doesn't ask again."""
        with self._lock:
            email = next(self._newcomers, None)
        if email is None:
            return
        answer = self._attempt(http, "/auth/send-email-otp/", {"email": email})
        if answer is not None and answer.status_code == 200:
            self.promises.codes.add(email)

    def _book(self, http: httpx.Client) -> None:
        """With a key of its own, and again until it is answered."""
        service_id = random.choice(list(self._owners))
        body = {"service": service_id, "full_name": "Chaos"}
        headers = {
            "Authorization": f"Bearer {random.choice(self._clients)}",
            "Idempotency-Key": uuid4().hex,
        }
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            answer = self._attempt(http, "/bookings/create/", body, headers)
            if answer is not None and answer.status_code == 201:
                booking_id = answer.json()["booking_id"]
                self.promises.bookings.add(booking_id)
                self._open.put((booking_id, service_id))
                return
            time.sleep(0.2)
        self.promises.refused.append("a booking was never answered")

    def _decide(self, http: httpx.Client) -> None:
        """Accept or decline a booking; without an answer it may have happened."""
        try:
            booking_id, service_id = self._open.get_nowait()
        except Empty:
            return
        verb, status = random.choice([("accept", "confirmed"), ("decline", "declined")])
        headers = {"Authorization": f"Bearer {self._owners[service_id]['token']}"}
        answer = self._attempt(http, f"/bookings/{booking_id}/{verb}/", None, headers)
        if answer is not None and answer.status_code == 200:
            self.promises.decided[booking_id] = status
        else:
            self.promises.perhaps_decided.add(booking_id)

    def _attempt(
        self, http: httpx.Client, path: str, body: Any, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        """The answer, or None while the product is under fire; anything else is noted."""
        try:
            answer = http.post(path, json=body, headers=headers)
        except httpx.TransportError:
            self.promises.failures += 1
            return None
        if answer.status_code >= 500:
            self.promises.failures += 1
            return None
        if not answer.is_success:
            self.promises.refused.append(f"{path}: {answer.status_code} {answer.text}")
        return answer
