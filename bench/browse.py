"""Browsing, side by side: the product, Django REST framework in the usual way, and the bare limit.

    python -m bench.browse [seconds]

All three serve the same page of the same database under the same server; rounds are interleaved,
so that a change of the machine's mood meets all alike. BENCH_DIR names a directory in which the
filled databases (6 GB) are kept for the next run.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import LiteralString
from urllib.parse import quote

import psycopg

from bench import load, turns
from bench.machine import described
from bench.market import Market, market_of
from bench.report import percentile, table, verdict
from bench.stage import set_stage
from bench.wsgi import served
from local.server import free_port

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


def _measure(target: str, market: Market, path: str, *, connections: int, seconds: float) -> load.Result:
    with _served(target, market) as port:
        request = load.get(f"http://127.0.0.1:{port}{_quoted(path)}", headers=_authorized(market))
        address = ("127.0.0.1", port)
        load.run(address, request, connections=connections, seconds=1.5)
        result = load.run(address, request, connections=connections, seconds=seconds)
    if result.failures:
        raise SystemExit(f"{target} failed {result.failures} requests for {path}")
    return result


def _in_turn(
    market: Market, paths: list[str], times: int, *, answers: tuple[int, ...] = (200,)
) -> list[float]:
    """Median milliseconds of each path."""
    quoted = [_quoted(path) for path in paths]
    with _served("product", market) as port:
        url = f"http://127.0.0.1:{port}"
        return turns.medians(url, quoted, headers=_authorized(market), turns=times, answers=answers)


@contextmanager
def _served(target: str, market: Market) -> Iterator[int]:
    """The port of a target, whose processes are started for one measurement alone."""
    port = free_port()
    with served(_SERVER.format(target=TARGETS[target]), port, market.stage.env):
        yield port


def _quoted(path: str) -> str:
    return quote(path, safe="/?=&+")


def _authorized(market: Market) -> dict[str, str]:
    return {"Authorization": f"Bearer {market.token}"}


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    options = {"shared_buffers": "512MB", "effective_cache_size": "8GB", "jit": "off"}
    kept = os.environ.get("BENCH_DIR")
    with ExitStack() as stack:
        stage = set_stage(stack, kept=Path(kept) if kept else None, options=options)
        markets = {name: market_of(stage, count) for name, count in SIZES.items()}
        print(described(stage.env, "django", "django-ninja", "djangorestframework", "psycopg", "granian"))
        _print_throughput(markets["100k"], seconds)
        _print_latency(markets, seconds)
        _print_searches(markets["1M"])


def _print_throughput(market: Market, seconds: float) -> None:
    rounds: dict[str, list[load.Result]] = {target: [] for target in TARGETS}
    for _ in range(ROUNDS):
        for target, results in rounds.items():
            results.append(_measure(target, market, PAGE, connections=CONNECTIONS, seconds=seconds))
    rate = {target: median(r.throughput for r in results) for target, results in rounds.items()}
    rows = []
    for target, results in rounds.items():
        p50, p99 = (median(percentile(r.latencies, p) for r in results) * 1000 for p in (50, 99))
        rows.append([target, f"{rate[target]:,.0f}", f"{p50:.1f}", f"{p99:.1f}"])
    what = f"page 1 of 100,000 services, {CONNECTIONS} connections"
    table([what, "requests/s", "p50 ms", "p99 ms"], rows)
    verdict("product / DRF", rate["product"] / rate["DRF"], ">=", 10)
    verdict("product / limit", rate["product"] / rate["limit"], ">=", 0.6)


def _print_latency(markets: dict[str, Market], seconds: float) -> None:
    small, large = (_latency(markets[size], seconds) for size in ("10k", "1M"))
    rows = [["page 1 of 10,000", f"{small:.2f}"], ["page 1 of 1,000,000", f"{large:.2f}"]]
    table(["one connection, median", "ms"], rows)
    verdict("1,000,000 / 10,000", large / small, "<=", 1.5)


def _print_searches(market: Market) -> None:
    """Each search as nobody asked it before, and once its search sets were made (decision 0035).

    The first may take longer than anybody waits: a 503.
    """
    paths = [_path(words) for words in SEARCHES.values()]
    _execute(market, "DELETE FROM marketplace_searchset")
    first = _in_turn(market, paths, 1, answers=(200, 503))
    market.stage.shell(_KEEP_SETS)
    _in_turn(market, paths, 2)
    page_1, *latencies = _in_turn(market, [PAGE, *paths], TURNS)
    found = list(zip(SEARCHES.items(), first, latencies, strict=True))
    rows = [
        [f"{name}: {words}", f"{_count(market, words):,}", f"{before:.1f}", f"{latency:.2f}"]
        for (name, words), before, latency in found
    ]
    head = ["in turn with page 1 of 1,000,000", "found", "first ms", "ms"]
    table(head, [["page 1", "", "", f"{page_1:.2f}"], *rows])
    for (name, _), _, latency in found:
        verdict(f"{name} / page 1", latency / page_1, "<=", 5)


def _path(words: str) -> str:
    return f"{PAGE}?search={words.replace(' ', '+')}"


def _latency(market: Market, seconds: float) -> float:
    results = [_measure("product", market, PAGE, connections=1, seconds=seconds) for _ in range(ROUNDS)]
    return median(percentile(result.latencies, 50) for result in results) * 1000


def _count(market: Market, words: str) -> int:
    each = " AND ".join(
        "EXISTS (SELECT FROM unnest(search_words) w WHERE w LIKE '%%' || (search_words(%s))[1] || '%%')"
        for _ in words.split()
    )
    with psycopg.connect(market.stage.database_url) as connection:
        found = connection.execute(
            f"SELECT count(*) FROM marketplace_service WHERE NOT is_course AND {each}", words.split()
        ).fetchone()
    return int(found[0]) if found else 0


def _execute(market: Market, statement: LiteralString) -> None:
    with psycopg.connect(market.stage.database_url, autocommit=True) as connection:
        connection.execute(statement)


_KEEP_SETS = """
from django.db import transaction
from core.marketplace.search_upkeep import keep_sets
with transaction.atomic():
    keep_sets()
"""

if __name__ == "__main__":
    main()
