"""What `celery -A celery_app` runs: the application with its tasks, on Django's settings."""

import logging
import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.local")
django.setup()
# A warning is a line of the log like any other.
logging.captureWarnings(True)

from core.jobs.broker import app  # noqa: E402 - needs the settings
from core.jobs.catalogue import CATALOGUE  # noqa: E402

__all__ = ["app"]

import_module("workers.lifecycle")
for domain in sorted({name.partition(".")[0] for name in CATALOGUE}):
    import_module(f"workers.{domain}")
