"""The realtime process: `uvicorn realtime.asgi:application --ws realtime.protocol:Connection`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
django.setup()

from realtime.application import application  # noqa: E402 - Django has to be set up first

__all__ = ["application"]
