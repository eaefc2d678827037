"""What the edge does with bodies: whole ones arrive, hopeless ones are refused in JSON."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.local.edge import FILE_BYTES, files_sent, running
from tests.local.running import until

FORM = "Content-Type: multipart/form-data; boundary=b"
MORE_THAN_IS_HELD = 40_000_000
"""Of a body that the edge keeps until it is whole."""


@pytest.mark.usefixtures("both")
def test_a_body_within_the_limit_arrives_whole(edge: httpx.Client) -> None:
    def in_pieces() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 100_000

    answer = edge.post("/", content=in_pieces(), headers={"Content-Type": "application/json"}).json()
    assert answer["size"] == 1_000_000
    assert edge.post("/", files={"file": b"x" * 30_000_000}).json()["size"] > 30_000_000


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("content_type", "megabytes"),
    [("application/json", 3), ("", 3), ("multipart/form-data; boundary=b", 111)],
)
def test_a_body_over_the_limit_is_refused_in_json(
    edge: httpx.Client, content_type: str, megabytes: int
) -> None:
    body = b"x" * (megabytes * 1_000_000)
    response = edge.post("/", content=body, headers={"Content-Type": content_type})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"detail": "Request body too large."}


@pytest.mark.usefixtures("both")
def test_the_rest_of_a_refused_body_is_no_further_request(edge: httpx.Client) -> None:
    inner = b"GET /inner/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    body = inner * (3_000_000 // len(inner))
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection((edge.base_url.host, edge.base_url.port or 80), timeout=30) as peer:
        with suppress(ConnectionError):
            peer.sendall(head + body)
        answers = b""
        with suppress(ConnectionError):
            while data := peer.recv(65536):
                answers += data
    assert answers.count(b"HTTP/1.1 413") == answers.count(b"HTTP/1.1") == 1


def started(edge: httpx.Client, head: str, body: bytes = b"") -> socket.socket:
    """A connection that sent this and says no more; the test's patience is its timeout."""
    peer = socket.create_connection((edge.base_url.host, edge.base_url.port or 80), timeout=30)
    peer.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode() + body)
    return peer


def answer_to(peer: socket.socket) -> tuple[HTTPResponse, Any]:
    """The answer and what its JSON says."""
    with peer:
        response = HTTPResponse(peer)
        response.begin()
        return response, json.loads(response.read())


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b"])
def test_a_length_over_the_limit_is_refused_before_a_byte_of_it_came(
    edge: httpx.Client, content_type: str
) -> None:
    peer = started(edge, f"Content-Type: {content_type}\r\nContent-Length: 1000000000000")
    response, said = answer_to(peer)
    assert (response.status, response.getheader("Connection")) == (413, "close")
    assert said == {"detail": "Request body too large."}


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 1000", b"x" * 10),
        ("Content-Length: 1000", b""),
        (f"{FORM}\r\nContent-Length: 100000000", b"--b\r\n"),
        ("Transfer-Encoding: chunked", b"5\r\nhello\r\n"),
        (f"{FORM}\r\nContent-Length: 100000000", b"x" * MORE_THAN_IS_HELD),
        (f"{FORM}\r\nTransfer-Encoding: chunked", b"%x\r\n" % MORE_THAN_IS_HELD + b"x" * MORE_THAN_IS_HELD),
    ],
)
def test_a_sender_that_falls_silent_is_told_and_another_is_served(
    sockets: Path, head: str, body: bytes
) -> None:
    with running(sockets, BODY_IDLE_TIMEOUT="1s") as edge:
        response, said = answer_to(started(edge, head, body))
        assert (response.status, response.getheader("Connection")) == (408, "close")
        assert response.getheader("Content-Type") == "application/json"
        assert said == {"detail": "The request body did not arrive in time."}
        assert edge.post("/", json={}).status_code == 200


@pytest.mark.usefixtures("both")
def test_pieces_that_are_none_are_refused_as_any_malformed_body(edge: httpx.Client) -> None:
    response, said = answer_to(started(edge, "Transfer-Encoding: chunked", b"zz\r\n"))
    assert (response.status, response.getheader("Content-Type")) == (400, "application/json")
    assert said == {"non_field_errors": ["The request body is malformed or incomplete."]}
    assert response.getheader("Retry-After") is None


@pytest.mark.usefixtures("both")
def test_a_sender_that_drips_is_cut_in_the_end(sockets: Path) -> None:
    with running(sockets, BODY_TIMEOUT="1s") as edge:
        response, _ = answer_to(started(edge, "Content-Length: 1000", b"x" * 10))
        assert response.status == 408


@pytest.mark.usefixtures("both")
def test_who_reads_slowly_holds_nobody_behind_the_edge(edge: httpx.Client) -> None:
    files_sent.clear()
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(30)
        peer.connect((edge.base_url.host, edge.base_url.port or 80))
        peer.sendall(b"GET /file/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: files_sent, why="the stand-in is done though nothing was read")
        response = HTTPResponse(peer)
        response.begin()
        assert len(response.read()) == FILE_BYTES
