"""The product's worker with the task that does nothing; as a program it writes so many jobs down."""

import sys
from importlib import import_module

import django

django.setup()

from django.db import transaction  # noqa: E402 - needs the settings

from bench.jobs_probe import probe  # noqa: E402
from core.jobs.broker import app  # noqa: E402
from workers.task import task  # noqa: E402

__all__ = ["app"]
import_module("workers.lifecycle")
_BATCH = 100


@task(probe.nothing)
def nothing() -> None:
    pass


if __name__ == "__main__":
    with transaction.atomic():
        probe.nothing()
    print("ready", flush=True)
    for start in range(0, count := int(sys.stdin.readline()), _BATCH):
        with transaction.atomic():
            probe.nothing.many({} for _ in range(min(_BATCH, count - start)))
