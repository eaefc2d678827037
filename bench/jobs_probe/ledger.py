"""The product's worker with the task that does nothing."""

from importlib import import_module

import django

django.setup()

from bench.jobs_probe import probe  # noqa: E402 - needs the settings
from core.jobs.broker import app  # noqa: E402
from workers.task import task  # noqa: E402

__all__ = ["app"]
import_module("workers.lifecycle")


@task(probe.nothing)
def nothing() -> None:
    pass
