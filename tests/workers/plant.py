"""A PostgreSQL and a Valkey to be maltreated, with real relays, workers and beats around them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import redis
from psycopg.types.json import Jsonb

from core.jobs.ids import uuid7
from local.postgres import UNSAFE_BUT_FAST, Postgres
from local.server import Server, launch, short_directory, stop, wait_until_accepts
from local.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds until a condition that doesn't come true fails the test; the product promises 30."""


def eventually(condition: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """The condition's value once it is true; AssertionError if that takes too long."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        assert time.monotonic() < deadline, f"still {value!r} after {within} s"
        time.sleep(0.02)
    return value


class Running:
    """A server that can be killed, frozen and started again on the same data."""

    def __init__(self, server: Server, log: Path) -> None:
        self.server = server
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.server.prepare()
        self.process = launch(self.server, log=self.log, env=dict(os.environ))
        wait_until_accepts(self.server, self.process, log=self.log)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            stop(self.server, self.process)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


class Plant:
    """One set of servers, and the processes that a test starts on them."""

    def __init__(self) -> None:
        self.folder = short_directory("ma-jobs-", "pg-socket/.s.PGSQL.5432")
        (self.folder / "probe").mkdir()
        self.postgres = Running(
            Postgres(self.folder / "pg", sockets=self.folder / "pg-socket", options=UNSAFE_BUT_FAST),
            self.folder / "pg.log",
        )
        self.valkey = Running(Valkey(), self.folder / "valkey.log")
        self.processes: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        self.postgres.start()
        self.valkey.start()
        assert self.run("-m", "django", "migrate", "--skip-checks", "--verbosity", "0").wait(60) == 0, (
            self.log("run")
        )
        self.sql("CREATE TABLE probe_effect (token text, request_id text)")

    @property
    def broker(self) -> "redis.Redis":
        return redis.Redis.from_url(self.valkey.server.url)

    def close(self) -> None:
        self.stop_processes()
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder)

    # Processes ----------------------------------------------------------------------------------

    def relay(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        return self.run("-m", "django", "relay", *arguments, log="relay", **environment)

    def worker(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        name = f"--hostname=w{len(self.processes)}@%h"
        return self.run(*_celery("worker", "--concurrency=2", name, *arguments), log="worker", **environment)

    def beat(self, **environment: str) -> "subprocess.Popen[bytes]":
        return self.run(*_celery("beat", "--pidfile="), log="beat", **environment)

    def run(self, *arguments: str, log: str = "run", **environment: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment(), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.workers.probe.settings",
            "DATABASE_URL": self.postgres.server.url,
            "REDIS_URL": self.valkey.server.url,
            "BROKER_URL": self.valkey.server.url,
            "PROBE_FOLDER": str(self.folder / "probe"),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "C_FORCE_ROOT": "1",
        }

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """kill -9, children and all."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def stop_processes(self) -> None:
        for process in list(self.processes):
            self.kill(process)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    # The ledger ---------------------------------------------------------------------------------

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.postgres.server.url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def add(self, name: str, queue: str, **params: str | int) -> UUID:
        job_id = uuid7()
        self.sql(
            "INSERT INTO jobs_job (id, name, queue, params) VALUES (%s, %s, %s, %s)",
            job_id,
            name,
            queue,
            Jsonb(params),
        )
        return job_id

    def record(self, *tokens: str) -> None:
        for token in tokens:
            self.add("probe.record", "notifications", token=token)

    def state(self, job_id: UUID) -> str:
        ((state,),) = self.sql("SELECT state FROM jobs_job WHERE id = %s", job_id)
        return str(state)

    def job(self, job_id: UUID) -> dict[str, Any]:
        ((row,),) = self.sql("SELECT to_jsonb(j) FROM jobs_job j WHERE id = %s", job_id)
        return dict(row)

    def effects(self) -> list[str]:
        return sorted(token for (token,) in self.sql("SELECT token FROM probe_effect"))

    def let_go(self, token: str) -> None:
        (self.folder / "probe" / f"{token}.go").touch()

    def began(self, token: str) -> list[Path]:
        return list((self.folder / "probe").glob(f"{token}.*.began"))

    def tries(self, token: str) -> int:
        return len((self.folder / "probe" / f"{token}.tries").read_text())

    def drained(self) -> bool:
        """Whether no job waits or is under way."""
        return not self.sql("SELECT 1 FROM jobs_job WHERE state IN ('pending', 'sent') LIMIT 1")

    def reset(self) -> None:
        self.stop_processes()
        self.sql("TRUNCATE jobs_job, probe_effect")
        self.broker.flushall()
        for path in (self.folder / "probe").iterdir():
            path.unlink()
        for log in ("relay", "worker", "beat"):
            (self.folder / f"{log}.log").unlink(missing_ok=True)


def _celery(*arguments: str) -> tuple[str, ...]:
    return ("-m", "celery", "-A", "tests.workers.probe.celery_app", "--quiet", *arguments)
