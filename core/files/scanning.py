"""Asking clamd whether a file holds a virus, where CLAMD_URL names one."""

import socket
import struct
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from core.errors import TransientError
from core.files.sniffing import chunks

_TIMEOUT = 30.0
_LONGEST_REPLY = 4096


class VirusFound(Exception):
    """clamd knows what this file holds; the message is for its owner."""


class ScannerUnavailable(TransientError):
    """clamd doesn't answer, or says that it can't tell."""


def require_clean(file: IO[bytes]) -> None:
    """Returns if there is no scanner or it finds nothing. VirusFound, or ScannerUnavailable."""
    if not settings.CLAMD_URL:
        return
    try:
        reply = _scan(file)
    except OSError as error:
        raise ScannerUnavailable(f"clamd: {error}") from error
    if reply.endswith("FOUND"):
        raise VirusFound("The file contains a virus.")
    if not reply.endswith("OK"):
        raise ScannerUnavailable(f"clamd: {reply}")


def _scan(file: IO[bytes]) -> str:
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\x00")
        for chunk in chunks(file):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
        return _reply(connection)


def _connect() -> socket.socket:
    """`tcp://host:port` or `unix:///path`."""
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "unix":
        return _connect_unix(url.path)
    return socket.create_connection((url.hostname or "127.0.0.1", url.port or 3310), _TIMEOUT)


def _connect_unix(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_TIMEOUT)
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _reply(connection: socket.socket) -> str:
    reply = b""
    while len(reply) < _LONGEST_REPLY and (part := connection.recv(1024)):
        reply += part
    return reply.rstrip(b"\x00\n").decode("utf-8", "replace")
