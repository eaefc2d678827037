"""Jobs, side by side with plain Celery on the same broker: throughput, and latency when quiet.

    python -m bench.jobs [jobs a round]

Rounds are interleaved, so that a change of the machine's mood meets all alike. Three contenders,
each with two prefork children and a task that does nothing: Celery as it comes; Celery with what
it offers for safety (late acknowledgement, prefetch 1, events); the ledger, from the INSERT to the
commit that marks the job done. PostgreSQL and Valkey write to disk as `make run` has them do.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

import psycopg
import redis

from local.postgres import Postgres
from local.server import running
from local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
QUIET_JOBS = 300
_ADD = (
    "INSERT INTO jobs_job (id, name, queue, params) SELECT gen_random_uuid(), 'probe.nothing', 'unread', '{}'"
)
_OPEN = "SELECT count(*) FROM jobs_job WHERE state <> 'done'"


def main(count: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ma-bench-", dir="/tmp")))
        folder.chmod(0o755)
        environment = _start_servers(stack, folder)
        _run(environment, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0").wait()
        contenders: dict[str, Callable[[], float]] = {
            "Celery as it comes": lambda: _celery_rate(environment, count, safe=False),
            "Celery, safe": lambda: _celery_rate(environment, count, safe=True),
            "the ledger": lambda: _ledger_rate(environment, count),
        }
        rates: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, measure in contenders.items():
                rates[name].append(measure())
        delays = _quiet_delays(environment)
    _print(rates, delays)


def _start_servers(stack: ExitStack, folder: Path) -> dict[str, str]:
    env = dict(os.environ)
    postgres = Postgres(folder / "pg", sockets=folder / "socket")
    valkey = Valkey(data=folder / "valkey")
    for server in (postgres, valkey):
        stack.enter_context(running(server, log=folder / f"{server.name}.log", env=env))
    return {
        **env,
        "DATABASE_URL": postgres.url,
        "BROKER_URL": valkey.url,
        "REDIS_URL": valkey.url,
        "PROBE_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "bench.jobs_probe.settings",
        "LOG_LEVEL": "WARNING",
        "C_FORCE_ROOT": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _celery_rate(environment: dict[str, str], count: int, *, safe: bool) -> float:
    broker = redis.Redis.from_url(environment["BROKER_URL"])
    environment = {**environment, "SAFE": "1" if safe else ""}
    with _processes(environment, _worker("bench.jobs_probe.plain")):
        _wait(lambda: broker.pubsub_channels("*pidbox*") or broker.pubsub_numpat())
        began = time.perf_counter()
        _run(environment, "-m", "bench.jobs_probe.plain", str(count)).wait()
        _wait(lambda: not broker.llen("celery") and not broker.hlen("unacked"))
        return count / (time.perf_counter() - began)


def _ledger_rate(environment: dict[str, str], count: int) -> float:
    with _ledger(environment) as database:
        began = time.perf_counter()
        for start in range(0, count, 100):
            database.execute(f"{_ADD} FROM generate_series(1, {min(100, count - start)})")
        _wait(lambda: _is_drained(database))
        return count / (time.perf_counter() - began)


def _quiet_delays(environment: dict[str, str]) -> list[float]:
    """Milliseconds from the caller's commit to the job's, one job at a time."""
    with _ledger(environment) as database:
        for _ in range(QUIET_JOBS):
            database.execute(_ADD)
            _wait(lambda: _is_drained(database))
        rows = database.execute(
            "SELECT extract(epoch FROM finished_at - created_at) * 1000 FROM jobs_job ORDER BY created_at"
        ).fetchall()
        return [float(str(delay)) for (delay,) in rows[10:]]


@contextmanager
def _ledger(environment: dict[str, str]) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A running relay and worker on an empty ledger, warmed up."""
    relay = ("-m", "django", "relay")
    with (
        psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database,
        _processes(environment, _worker("bench.jobs_probe.ledger"), relay),
    ):
        database.execute(f"{_ADD} FROM generate_series(1, 20)")
        _wait(lambda: _is_drained(database))
        database.execute("TRUNCATE jobs_job")
        yield database
        database.execute("TRUNCATE jobs_job")


def _is_drained(database: "psycopg.Connection[tuple[object, ...]]") -> bool:
    return database.execute(_OPEN).fetchone() == (0,)


def _worker(application: str) -> tuple[str, ...]:
    return ("-m", "celery", "-A", application, "worker", "--concurrency=2", "--loglevel=WARNING")


@contextmanager
def _processes(environment: dict[str, str], *commands: tuple[str, ...]) -> Iterator[None]:
    started = [_run(environment, *command) for command in commands]
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        redis.Redis.from_url(environment["BROKER_URL"]).flushall()


def _run(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a contender did not get through its jobs")
        time.sleep(0.002)


def _print(rates: dict[str, list[float]], delays: list[float]) -> None:
    floor = median(rates["Celery as it comes"])
    for name, measured in rates.items():
        print(f"{name:<20} {median(measured):8.0f} jobs/s   {median(measured) / floor:5.2f}")
    percentiles = quantiles(delays, n=100)
    print(f"{'quiet, commit to done':<20} p50 {percentiles[49]:.1f} ms, p99 {percentiles[98]:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
