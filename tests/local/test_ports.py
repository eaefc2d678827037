"""A port for a server that is started in a while."""

import socket

import pytest

from local import server
from local.server import free_port


def test_none_is_given_twice_nor_taken_by_outgoing_connections() -> None:
    ports = {free_port() for _ in range(50)}
    assert len(ports) == 50
    assert max(ports) < 32_768


def test_one_in_use_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    with socket.create_server(("127.0.0.1", free_port())) as busy:
        monkeypatch.setattr(server, "_ports", iter((busy.getsockname()[1], free)))
        assert free_port() == free
