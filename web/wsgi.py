"""The API, the admin and the documentation, for any WSGI server."""

import logging
import os
from collections.abc import Iterable
from importlib import import_module
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core import telemetry
from core.metrics import serve
from web import pool

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
_PIECE = 64 * 1024
_IN_MEMORY = 1024 * 1024


class WholeBodies:
    """Reads every body to its end, as servers and proxies expect of an application.

    A chunked body gets the length that Django asks for. What a view leaves unread (a refused token,
    an unknown path) is read and dropped before the answer: a proxy that is still sending takes an
    early answer for a broken connection.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = _spooled(environ["wsgi.input"])
        response = self.application(environ, start_response)
        if environ.get("CONTENT_LENGTH") not in (None, "", "0"):
            _drop(environ["wsgi.input"])
        return response


def _spooled(body: IO[bytes]) -> tuple[Any, str]:
    whole = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — it lives as long as the request
    while piece := body.read(_PIECE):
        whole.write(piece)
    length = whole.tell()
    whole.seek(0)
    return whole, str(length)


def _drop(body: IO[bytes]) -> None:
    try:
        while body.read(_PIECE):
            pass
    except OSError:
        """The client is gone: there is nobody to answer."""


# A warning is a line of the log like any other.
logging.captureWarnings(True)
application = WholeBodies(get_wsgi_application())
# Otherwise the first request would wait for them, and be the one to learn that they can't be imported.
import_module(settings.ROOT_URLCONF)
serve()
pool.watch()
telemetry.start("web")
