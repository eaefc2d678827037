"""What the server imports is whole before the first request."""

import subprocess
import sys

from django.conf import settings

TELL = "import sys, web.wsgi; print('web.urls' in sys.modules)"

SERVED = """
import os, signal, web.logs
from granian.server import Server
signal.signal(signal.SIGTERM, Server("web.wsgi:application").signal_handler_interrupt)
signal.signal(signal.SIGINT, given := lambda *_: None)
if os.fork():
    os.wait()
else:
    print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, signal.getsignal(signal.SIGINT) is given)
"""


def test_a_web_process_that_is_told_to_end_while_it_starts_does() -> None:
    """Granian's children inherit a handler that is the parent's alone; another's isn't touched."""
    told = subprocess.run(
        [sys.executable, "-c", SERVED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert told.stdout == "True True\n", told.stderr


def test_a_web_process_has_its_routes_from_the_start() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TELL], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert told.stdout == "True\n", told.stderr
