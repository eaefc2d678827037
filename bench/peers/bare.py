"""The limit: page 1's own statement, prepared by psycopg, its bytes sent out. No framework, no token.

BENCH_STATEMENT names a JSON file with the statement and its parameters.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg

_STATEMENT, _PARAMS = json.loads(Path(os.environ["BENCH_STATEMENT"]).read_text())
_local = threading.local()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Every path is the page."""
    count, results, _ = _connection().execute(_STATEMENT, _PARAMS, prepare=True).fetchone() or (0, "[]", None)
    body = b'{"count":%d,"next":null,"previous":null,"results":%s}' % (count, results.encode())
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
