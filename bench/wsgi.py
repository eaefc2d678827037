"""Which WSGI server carries the API: throughput and p99 of an authenticated read, side by side.

    python -m bench.wsgi [seconds]

Each server runs the same application in two processes on the same database, with the threads it
names; the rounds are interleaved so that a change of the machine's mood meets all alike.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench import load
from local.postgres import Postgres
from local.server import running
from local.valkey import Valkey

ROUNDS = 3
CONNECTIONS = 16
BIN = Path(sys.executable).parent
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
    process = subprocess.Popen(line.split(), env=env, start_new_session=True)
    try:
        _await_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    request = load.get(f"http://127.0.0.1:{port}/health/live/")
    while time.monotonic() < deadline and process.poll() is None:
        try:
            load.run(("127.0.0.1", port), request, connections=1, seconds=0.05)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing serves on {port}")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    folder = Path(tempfile.mkdtemp(prefix="ma-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        token, env = _product(stack, folder)
        results: dict[str, list[load.Result]] = {name: [] for name in SERVERS}
        for round_number in range(ROUNDS):
            for index, (name, command) in enumerate(SERVERS.items()):
                port = 18_100 + round_number * len(SERVERS) + index
                with served(command, port, env):
                    results[name].append(_measure(port, token, seconds))
    _print(results)


def _product(stack: ExitStack, folder: Path) -> tuple[str, dict[str, str]]:
    postgres = Postgres(folder / "pg", sockets=folder / "s")
    env = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", VAR_DIR=str(folder / "var"))
    for server, name in ((postgres, "DATABASE_URL"), (Valkey(), "REDIS_URL")):
        env[name] = stack.enter_context(running(server, log=folder / f"{name}.log", env=env)).url
    env |= {"THROTTLES": "off", "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "settings.local"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=env, check=True)
    made = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", _ACCOUNT],
        env=env | {"ACCESS_TOKEN_LIFETIME": "86400"},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip(), env


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
    print(f"{'server':<22}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'failures':>10}")
    for name, rounds in results.items():
        print(
            f"{name:<22}{median(r.throughput for r in rounds):>12.0f}"
            f"{median(r.percentile(50) for r in rounds) * 1000:>10.1f}"
            f"{median(r.percentile(99) for r in rounds) * 1000:>10.1f}"
            f"{sum(r.failures for r in rounds):>10}"
        )


if __name__ == "__main__":
    main()
