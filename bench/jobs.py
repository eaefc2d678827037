"""Jobs, side by side with plain Celery on the same broker: throughput, and latency when quiet.

    python -m bench.jobs [jobs a round] [rounds]

Three contenders, each with two prefork children and a task that does nothing: Celery as it comes;
Celery with what it offers for safety (late acknowledgement, prefetch 1, events); the ledger, from
the INSERT to the commit that marks the job done. Producer and workers are up and warm before the
clock starts, which runs from the first job asked for to the last one done. Each round measures all
three, in turning order, and is compared in itself: the ratio told is the median of the rounds'.
PostgreSQL and Valkey write to disk as `make run` has them do.
"""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import psutil
import psycopg
import redis

from bench import report
from bench.machine import described
from bench.stage import set_stage

ROOT = Path(__file__).resolve().parent.parent
JOBS = 4000
ROUNDS = 5
QUIET_JOBS = 300
GOAL = 0.5
_ADD = (
    "INSERT INTO jobs_job (id, name, queue, params) SELECT gen_random_uuid(), 'probe.nothing', 'unread', '{}'"
)
# Two looks at small indexes: asking more of the database would be measured too.
_OPEN = " OR ".join(f"EXISTS (SELECT FROM jobs_job WHERE state = '{state}')" for state in ("pending", "sent"))
_LOOK_EVERY = 0.01

Environment = dict[str, str]
Figures = tuple[float, float]
"""Jobs a second, and milliseconds of processor time a job cost all processes together."""
PLAIN, SAFE, LEDGER = "Celery as it comes", "Celery, safe", "the ledger"


def main(count: int, rounds: int) -> None:
    with ExitStack() as stack:
        stage = set_stage(
            stack,
            has_lasting_bus=True,
            DJANGO_SETTINGS_MODULE="bench.jobs_probe.settings",
            C_FORCE_ROOT="1",
            PYTHONWARNINGS="ignore",
        )
        environment = stage.env
        contenders: list[tuple[str, Callable[[], Figures]]] = [
            (PLAIN, lambda: _celery_rate(environment, count, safe=False)),
            (LEDGER, lambda: _ledger_rate(environment, count)),
            (SAFE, lambda: _celery_rate(environment, count, safe=True)),
        ]
        found: dict[str, list[Figures]] = defaultdict(list)
        for number in range(rounds):
            turn = number % len(contenders)
            for name, measure in contenders[turn:] + contenders[:turn]:
                found[name].append(measure())
        delays = _quiet_delays(environment)
        print(described(stage.env, "celery", "kombu", "psycopg"))
    _print(found, delays, count)


def _celery_rate(environment: Environment, count: int, *, safe: bool) -> Figures:
    broker = redis.Redis.from_url(environment["BROKER_URL"])
    application = "bench.jobs_probe.plain"
    environment = {**environment, "SAFE": "1" if safe else ""}
    with _processes(environment, _worker(application)):
        return _rate(
            environment, application, count, lambda: not broker.llen("celery") and not broker.hlen("unacked")
        )


def _ledger_rate(environment: Environment, count: int) -> Figures:
    application = "bench.jobs_probe.ledger"
    with _ledger(environment) as database:
        return _rate(environment, application, count, lambda: _is_drained(database))


def _rate(environment: Environment, application: str, count: int, is_drained: Callable[[], bool]) -> Figures:
    """From the word to a producer that is ready to the last job done."""
    producer = _run(environment, "-m", application)
    assert producer.stdin is not None
    assert producer.stdout is not None
    producer.stdout.readline()
    _wait(is_drained)
    began, spent = time.perf_counter(), _processor_seconds()
    producer.stdin.write(b"%d\n" % count)
    producer.stdin.close()
    if producer.wait():
        raise RuntimeError(f"{application} produced nothing")
    _wait(is_drained)
    return count / (time.perf_counter() - began), (_processor_seconds() - spent) * 1000 / count


def _processor_seconds() -> float:
    """What every process of this run has used so far, those included that have ended."""
    ours = psutil.Process()
    return sum(sum(each.cpu_times()[:4]) for each in ours.children(recursive=True)) + sum(
        ours.cpu_times()[2:4]
    )


def _quiet_delays(environment: Environment) -> list[float]:
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
def _ledger(environment: Environment) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A running relay and worker on an empty ledger, warmed up."""
    with (
        psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database,
        _processes(environment, _worker("bench.jobs_probe.ledger"), ("-m", "django", "relay")),
    ):
        database.execute(f"{_ADD} FROM generate_series(1, 20)")
        _wait(lambda: _is_drained(database))
        database.execute("TRUNCATE jobs_job")
        yield database
        database.execute("TRUNCATE jobs_job")


def _is_drained(database: "psycopg.Connection[tuple[object, ...]]") -> bool:
    return database.execute(f"SELECT {_OPEN}").fetchone() == (False,)


def _worker(application: str) -> tuple[str, ...]:
    return ("-m", "celery", "-A", application, "worker", "--concurrency=2", "--loglevel=WARNING")


@contextmanager
def _processes(environment: Environment, *commands: tuple[str, ...]) -> Iterator[None]:
    started = [_run(environment, *command) for command in commands]
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        redis.Redis.from_url(environment["BROKER_URL"]).flushall()


def _run(environment: Environment, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a contender did not get through its jobs")
        time.sleep(_LOOK_EVERY)


def _print(found: dict[str, list[Figures]], delays: list[float], count: int) -> None:
    ratios = {
        name: [rate / plain for (rate, _), (plain, _) in zip(figures, found[PLAIN], strict=True)]
        for name, figures in found.items()
    }
    rows = []
    for name in (PLAIN, SAFE, LEDGER):
        rate, cost = (median(figures) for figures in zip(*found[name], strict=True))
        beside = f"{median(ratios[name]):.2f} ({min(ratios[name]):.2f} to {max(ratios[name]):.2f})"
        rows.append([name, f"{rate:,.0f}", beside, f"{cost:.2f}"])
    work = f"{count:,} jobs that do nothing, two prefork children"
    report.table([work, "jobs/s", "beside Celery", "CPU ms a job"], rows)
    report.verdict("the ledger / Celery as it comes", median(ratios[LEDGER]), ">=", GOAL)
    quiet = [f"{report.percentile(delays, percent):.1f}" for percent in (50, 99)]
    report.table(["quiet, commit to done", "p50 ms", "p99 ms"], [["one job at a time", *quiet]])


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [JOBS, ROUNDS][len(given) :]))
