"""Which WSGI server carries the API: throughput and p99 of an authenticated read, side by side.

    python -m bench.wsgi [seconds]

Each server runs the same application in two processes on the same database, with the threads it
names; the rounds are interleaved so that a change of the machine's mood meets all alike.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from bench import load
from bench.machine import described
from bench.report import percentile, table
from bench.stage import child, set_stage
from local.server import free_port

ROUNDS = 3
CONNECTIONS = 16
_GUNICORN = (
    "gunicorn web.wsgi:application -b {address} -k gthread -w 2 --threads %d "
    "--log-level warning --no-control-socket"
)
_GRANIAN = (
    "granian --interface wsgi web.wsgi:application --host {host} --port {port} "
    "--workers 2 --blocking-threads %d --no-access-log --log-level error"
)
SERVERS = {
    **{f"gunicorn, {threads} threads": _GUNICORN % threads for threads in (2, 8)},
    **{f"granian, {threads} threads": _GRANIAN % threads for threads in (1, 2, 4, 8)},
}


@contextmanager
def served(command: str, port: int, env: dict[str, str]) -> Iterator[None]:
    line = command.format(address=f"127.0.0.1:{port}", host="127.0.0.1", port=port)
    with child(line.split(), env) as process:
        _await_answer(port, process)
        yield


def _await_answer(port: int, process: "subprocess.Popen[bytes]") -> None:
    """A server may listen long before its workers have read the application."""
    deadline = time.monotonic() + 60
    request = load.get(f"http://127.0.0.1:{port}/health/live/")
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if load.run(("127.0.0.1", port), request, connections=1, seconds=0.5).latencies:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing serves on {port}")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with ExitStack() as stack:
        stage = set_stage(stack)
        token = stage.shell(_ACCOUNT)
        results: dict[str, list[load.Result]] = {name: [] for name in SERVERS}
        for _ in range(ROUNDS):
            for name, command in SERVERS.items():
                port = free_port()
                with served(command, port, stage.env):
                    results[name].append(_measure(port, token, seconds))
        print(described(stage.env, "granian", "gunicorn", "django", "psycopg"))
    _print(results)


_ACCOUNT = """
from core.accounts.models import User
from core.accounts.actions.sessions import Device, open_session
user = User.objects.create(email="bench@example.com", user_type="client", account_status="active")
print(open_session(user=user, device=Device()).access)
"""


def _measure(port: int, token: str, seconds: float) -> load.Result:
    url = f"http://127.0.0.1:{port}/auth/user/"
    request = load.get(url, headers={"Authorization": f"Bearer {token}"})
    load.run(("127.0.0.1", port), request, connections=CONNECTIONS, seconds=1)
    return load.run(("127.0.0.1", port), request, connections=CONNECTIONS, seconds=seconds)


def _print(results: dict[str, list[load.Result]]) -> None:
    rows = []
    for name, rounds in results.items():
        rate = median(each.throughput for each in rounds)
        p50, p99 = (median(percentile(each.latencies, p) for each in rounds) * 1000 for p in (50, 99))
        failures = sum(each.failures for each in rounds)
        rows.append([name, f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{failures}"])
    table(["server", "requests/s", "p50 ms", "p99 ms", "failures"], rows)


if __name__ == "__main__":
    main()
