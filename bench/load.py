"""A closed-loop HTTP/1.1 load client: prebuilt requests on kept connections, one process.

It sends bytes and counts bytes, so that it costs a small part of what it measures.
"""

import selectors
import socket
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit


@dataclass(slots=True)
class Result:
    """Latencies in seconds; throughput in answers a second."""

    latencies: list[float]
    seconds: float
    failures: int

    @property
    def throughput(self) -> float:
        return len(self.latencies) / self.seconds


@dataclass(slots=True)
class _Connection:
    sock: socket.socket
    request: bytes
    started: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self) -> None:
        self.received.clear()
        self.started = perf_counter()
        self.sock.sendall(self.request)

    def receive(self) -> bool | None:
        """Whether the answer is a 2xx; None while it isn't whole."""
        chunk = self.sock.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed a connection under load")
        self.received += chunk
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(self.received) < end + 4 + length:
            return None
        return head[9:10] == b"2"


def get(url: str, *, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a GET request for a URL."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run(address: tuple[str, int], request: bytes, *, connections: int, seconds: float) -> Result:
    """Keep every connection busy with the request for so long."""
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        sock = socket.create_connection(address, timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(sock, request)
        selector.register(sock, selectors.EVENT_READ, connection)
        connection.send()
    latencies: list[float] = []
    failures = 0
    started = perf_counter()
    while (now := perf_counter()) - started < seconds:
        for key, _ in selector.select(timeout=seconds):
            connection = key.data
            ok = connection.receive()
            if ok is None:
                continue
            latencies.append(perf_counter() - connection.started)
            failures += not ok
            connection.send()
    elapsed = now - started
    for key in list(selector.get_map().values()):
        key.data.sock.close()
    selector.close()
    return Result(latencies, elapsed, failures)
