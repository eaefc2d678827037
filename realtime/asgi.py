"""The realtime process: `uvicorn realtime.asgi:application --ws realtime.protocol:Connection`."""

import logging
import os
import sys

import django

# A thread that has heard from the database waits this long for the interpreter's lock while the
# loop is busy, a dozen times a message (docs/decisions/0063-threads-beside-a-busy-loop.md).
sys.setswitchinterval(0.001)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
django.setup()
# A warning is a line of the log like any other.
logging.captureWarnings(True)

from realtime.application import application  # noqa: E402 - Django has to be set up first

__all__ = ["application"]
