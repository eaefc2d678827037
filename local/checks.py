"""What must hold before anything starts; each failure is one line that says how to mend it."""

import errno
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import psutil
import psycopg
import redis
from kombu import Connection

from local.errors import LocalRunError

_TIMEOUT = 5
_SHORTEST_MASKED = 4
"""Characters of a password; shorter ones stand in many words."""


def check_port(variable: str, port: int) -> None:
    """Raises LocalRunError when somebody listens on `port`, on any address."""
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):  # noqa: S104 - probes only
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
        except PermissionError as error:
            raise LocalRunError(
                f"port {port} needs privileges: choose one from 1024 up with {variable}=…"
            ) from error
        except OSError as error:  # any other than "in use" is a machine without that family
            if error.errno == errno.EADDRINUSE:
                raise LocalRunError(
                    f"port {port} is in use{_holder(port)}: stop that, or choose another with {variable}=…"
                ) from error


def check_servers(given: Mapping[str, str]) -> None:
    """Raises LocalRunError when a server that the environment names doesn't answer."""
    for variable, check in _CHECKS.items():
        if url := given.get(variable):
            try:
                check(url)
            except Exception as error:  # each client library raises its own kinds
                raise LocalRunError(
                    f"{variable} names {_without_secrets(url)}, which doesn't answer "
                    f"({_reason(error, url)}): start it or mend the address, "
                    f"or unset {variable} for an embedded one"
                ) from error


def _check_database(url: str) -> None:
    psycopg.connect(url, connect_timeout=_TIMEOUT).close()


def _check_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT) as client:
        client.ping()


def _check_broker(url: str) -> None:
    if url.startswith(("redis:", "rediss:", "unix:")):
        _check_redis(url)
        return
    with Connection(url, connect_timeout=_TIMEOUT) as connection:
        connection.ensure_connection(max_retries=1, timeout=_TIMEOUT)


_CHECKS = {"DATABASE_URL": _check_database, "REDIS_URL": _check_redis, "BROKER_URL": _check_broker}


def _holder(port: int) -> str:
    try:
        pid = next(
            found.pid
            for found in psutil.net_connections("tcp")
            if found.status == psutil.CONN_LISTEN and found.laddr[1:] == (port,) and found.pid
        )
        return f" by {psutil.Process(pid).name()} (pid {pid})"
    except (psutil.Error, StopIteration, OSError):
        return ""


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _reason(error: Exception, url: str) -> str:
    reason = " ".join(str(error).split()) or type(error).__name__
    password = urlsplit(url).password
    return reason.replace(password, "***") if password and len(password) >= _SHORTEST_MASKED else reason
