"""Several paths of one server, asked in turn: whatever the machine does meets all of them alike."""

from http.client import HTTPConnection
from statistics import median
from time import perf_counter


def medians(
    url: str, paths: list[str], *, headers: dict[str, str], turns: int, answers: tuple[int, ...] = (200,)
) -> list[float]:
    """Median milliseconds of each path over one connection; SystemExit on any other answer."""
    found: list[list[float]] = [[] for _ in paths]
    connection = HTTPConnection(url.removeprefix("http://"), timeout=120)
    for _ in range(turns):
        for path, seconds in zip(paths, found, strict=True):
            seconds.append(_timed(connection, path, headers, answers))
    connection.close()
    return [median(seconds) * 1000 for seconds in found]


def _timed(connection: HTTPConnection, path: str, headers: dict[str, str], answers: tuple[int, ...]) -> float:
    started = perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in answers:
        raise SystemExit(f"{answer.status} for {path}")
    return perf_counter() - started
