"""`celery -A tests.workers.probe.celery_app`: the product's worker with the probe's tasks."""

import os
import time
from importlib import import_module
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings

from core.correlation import request_id  # noqa: E402
from core.errors import PermanentError, TransientError  # noqa: E402
from core.jobs.broker import app  # noqa: E402
from tests.workers.probe import probe  # noqa: E402
from workers.task import task  # noqa: E402

__all__ = ["app"]
import_module("workers.lifecycle")
FOLDER = Path(os.environ["PROBE_FOLDER"])


def _write(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO probe_effect VALUES (%s, %s)", [token, request_id()])


def _until(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def _note_try(token: str) -> int:
    with (FOLDER / f"{token}.tries").open("a+") as tries:
        tries.write(".")
        tries.seek(0)
        return len(tries.read())


@task(probe.record)
def record(*, token: str) -> None:
    _write(token)


@task(probe.wait)
def wait(*, token: str) -> None:
    _write(token)
    (FOLDER / f"{token}.{os.getpid()}.began").touch()
    _until(FOLDER / f"{token}.go")


@task(probe.falter)
def falter(*, token: str, times: int) -> None:
    _write(token)
    if _note_try(token) <= times:
        raise TransientError('the server said {"otp_code": "123456"}')


@task(probe.die)
def die(*, token: str) -> None:
    _write(token)
    _note_try(token)
    os._exit(9)


@task(probe.refuse)
def refuse(*, token: str) -> None:
    _write(token)
    raise PermanentError(token)


@task(probe.dawdle)
def dawdle(*, token: str) -> None:
    _until(FOLDER / f"{token}.never")
