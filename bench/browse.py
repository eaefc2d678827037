"""Browsing, side by side: the product, Django REST framework in the usual way, and the bare limit.

    python -m bench.browse [seconds]

All three serve the same page of the same database under the same server; rounds are interleaved,
so that a change of the machine's mood meets all alike. BENCH_DIR names a directory in which the
filled databases (6 GB) are kept for the next run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import LiteralString
from urllib.parse import quote

import psycopg

from bench import load, market
from bench import turns as turns_of
from bench.wsgi import BIN, served
from local.postgres import Postgres
from local.server import running
from local.valkey import Valkey

ROUNDS = 3
TURNS = 200
CONNECTIONS = 8
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
_SERVER = (
    "granian --interface wsgi {target} --host {{host}} --port {{port}} "
    "--workers 2 --blocking-threads 4 --no-access-log --log-level error"
)
TARGETS = {
    "product": "web.wsgi:application",
    "DRF": "bench.peers.drf:application",
    "limit": "bench.peers.bare:application",
}
PAGE = "/services/browse/"
SEARCHES = {
    "two rare words": "بالتصريح للميزانيةكم",
    "a rare and a common one": "للميزانيةكم محاسب",
    "a name of two words": "دحماني مرابط",
    "a word and a place": "محاسب وهران",
    "a word and a name": "محاسب دحماني",
    "two of the commonest": "محاسب تصريح",
    "one of the commonest": "محاسب",
}


@dataclass(frozen=True, slots=True)
class Market:
    """A filled database, and the environment of what serves it."""

    url: str
    env: dict[str, str]
    token: str


class Bench:
    """Measures URLs of targets; each process of a target is started for its measurement alone."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.port = 18_300

    def measure(self, target: str, market: Market, path: str, *, connections: int) -> load.Result:
        with self._server(target, market) as url:
            request = load.get(f"{url}{_quoted(path)}", headers=_authorized(market))
            address = ("127.0.0.1", self.port)
            load.run(address, request, connections=connections, seconds=1.5)
            result = load.run(address, request, connections=connections, seconds=self.seconds)
        if result.failures:
            raise SystemExit(f"{target} failed {result.failures} requests for {path}")
        return result

    def in_turn(
        self, market: Market, paths: list[str], turns: int, *, answers: tuple[int, ...] = (200,)
    ) -> list[float]:
        """Median milliseconds of each path."""
        quoted = [_quoted(path) for path in paths]
        with self._server("product", market) as url:
            return turns_of.medians(url, quoted, headers=_authorized(market), turns=turns, answers=answers)

    @contextmanager
    def _server(self, target: str, market: Market) -> Iterator[str]:
        self.port += 1
        with served(_SERVER.format(target=TARGETS[target]), self.port, market.env):
            yield f"http://127.0.0.1:{self.port}"


def _quoted(path: str) -> str:
    return quote(path, safe="/?=&+")


def _authorized(market: Market) -> dict[str, str]:
    return {"Authorization": f"Bearer {market.token}"}


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with ExitStack() as stack:
        folder = _folder(stack)
        markets = _markets(stack, folder)
        bench = Bench(seconds)
        _print_throughput(bench, markets["100k"])
        _print_latency(bench, markets)
        _print_searches(bench, markets["1M"])


def _folder(stack: ExitStack) -> Path:
    if kept := os.environ.get("BENCH_DIR"):
        return Path(kept)
    folder = Path(tempfile.mkdtemp(prefix="ma-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _print_throughput(bench: Bench, market: Market) -> None:
    rounds: dict[str, list[load.Result]] = {target: [] for target in TARGETS}
    for _ in range(ROUNDS):
        for target, results in rounds.items():
            results.append(bench.measure(target, market, PAGE, connections=CONNECTIONS))
    rate = {target: median(r.throughput for r in results) for target, results in rounds.items()}
    print(f"page 1 of 100,000 services, {CONNECTIONS} connections")
    print(f"{'':<24}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for target, results in rounds.items():
        p50, p99 = (median(r.percentile(p) for r in results) * 1000 for p in (50, 99))
        print(f"{target:<24}{rate[target]:>12.0f}{p50:>10.1f}{p99:>10.1f}")
    _verdict("product / DRF", rate["product"] / rate["DRF"], ">=", 10)
    _verdict("product / limit", rate["product"] / rate["limit"], ">=", 0.6)


def _print_latency(bench: Bench, markets: dict[str, Market]) -> None:
    print("\nmedian latency, 1 connection")
    small, large = (_latency(bench, markets[size], PAGE) for size in ("10k", "1M"))
    print(f"{'page 1 of 10,000':<44}{small:>8.2f} ms\n{'page 1 of 1,000,000':<44}{large:>8.2f} ms")
    _verdict("1,000,000 / 10,000", large / small, "<=", 1.5)


def _print_searches(bench: Bench, market: Market) -> None:
    """Each search as nobody asked it before, and once its search sets were made (decision 0035).

    The first may take longer than anybody waits: a 503.
    """
    paths = [_path(words) for words in SEARCHES.values()]
    _execute(market, "DELETE FROM marketplace_searchset")
    first = bench.in_turn(market, paths, turns=1, answers=(200, 503))
    _shell(market.env, _KEEP_SETS)
    bench.in_turn(market, paths, turns=2)
    page_1, *latencies = bench.in_turn(market, [PAGE, *paths], turns=TURNS)
    print(f"\n{'in turn with page 1 of 1,000,000':<56}{'found':>10}{'first ms':>10}{'ms':>8}")
    print(f"{'page 1':<56}{'':>20}{page_1:>8.2f}")
    for (name, words), before, latency in zip(SEARCHES.items(), first, latencies, strict=True):
        print(f"{f'{name}: {words}':<56}{_count(market, words):>10,}{before:>10.1f}{latency:>8.2f}")
        _verdict("search / page 1", latency / page_1, "<=", 5)


def _path(words: str) -> str:
    return f"{PAGE}?search={words.replace(' ', '+')}"


def _latency(bench: Bench, market: Market, path: str) -> float:
    results = [bench.measure("product", market, path, connections=1) for _ in range(ROUNDS)]
    return median(result.percentile(50) for result in results) * 1000


def _verdict(what: str, ratio: float, sign: str, goal: float) -> None:
    met = ratio >= goal if sign == ">=" else ratio <= goal
    print(f"  {what}: {ratio:.2f} (goal {sign} {goal}: {'met' if met else 'MISSED'})")


def _count(market: Market, words: str) -> int:
    each = " AND ".join(
        "EXISTS (SELECT FROM unnest(search_words) w WHERE w LIKE '%%' || (search_words(%s))[1] || '%%')"
        for _ in words.split()
    )
    with psycopg.connect(market.url) as connection:
        found = connection.execute(
            f"SELECT count(*) FROM marketplace_service WHERE NOT is_course AND {each}", words.split()
        ).fetchone()
    return int(found[0]) if found else 0


def _execute(market: Market, statement: LiteralString) -> None:
    with psycopg.connect(market.url, autocommit=True) as connection:
        connection.execute(statement)


def _markets(stack: ExitStack, folder: Path) -> dict[str, Market]:
    options = {"shared_buffers": "512MB", "effective_cache_size": "8GB", "jit": "off"}
    postgres = Postgres(folder / "pg", sockets=folder / "s", options=options)
    env = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", VAR_DIR=str(folder / "var"))
    env |= {"THROTTLES": "off", "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "settings.local"}
    env["ACCESS_TOKEN_LIFETIME"] = "86400"
    env["BENCH_STATEMENT"] = str(folder / "statement.json")
    base = stack.enter_context(running(postgres, log=folder / "pg.log", env=env)).url
    env["REDIS_URL"] = stack.enter_context(running(Valkey(), log=folder / "valkey.log", env=env)).url
    return {name: _market(env, base, count) for name, count in SIZES.items()}


def _market(env: dict[str, str], base: str, count: int) -> Market:
    database = f"market_{count}"
    url = f"{base.rpartition('/')[0]}/{database}"
    env = env | {"DATABASE_URL": url}
    with psycopg.connect(base, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if found.fetchone() is None:
            connection.execute(f"CREATE DATABASE {database}_new")
            new = env | {"DATABASE_URL": f"{url}_new"}
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=new, check=True)
            market.fill(new["DATABASE_URL"], count)
            connection.execute(f"ALTER DATABASE {database}_new RENAME TO {database}")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=env, check=True)
    return Market(url, env, _shell(env, _PREPARE))


def _shell(env: dict[str, str], code: str) -> str:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


_KEEP_SETS = """
from django.db import transaction
from core.marketplace.search_upkeep import keep_sets
with transaction.atomic():
    keep_sets()
"""
_PREPARE = """
import json, os
from pathlib import Path
from core.accounts.models import User
from core.accounts.actions.sessions import Device, open_session
from core.marketplace import browse, filters
user, _ = User.objects.get_or_create(
    email="bench@example.com", defaults={"user_type": "client", "account_status": "active"})
place = browse.Place(filters.Filters(), browse.NEWEST, 1, None)
statement = browse.page_statement(browse.browsed_by(user), place)
Path(os.environ["BENCH_STATEMENT"]).write_text(json.dumps(statement))
print(open_session(user=user, device=Device()).access)
"""

if __name__ == "__main__":
    main()
