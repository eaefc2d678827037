"""How every benchmark tells what it found: tables as docs/performance.md has them, and goals."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of Markdown, after a blank line."""
    print()
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(row)} |", flush=True)


def verdict(what: str, ratio: float, sign: str, goal: float) -> None:
    """Print whether a ratio is at least (">="), or at most ("<="), what it should be."""
    met = ratio >= goal if sign == ">=" else ratio <= goal
    print(f"  {what}: {ratio:.2f} (goal {sign} {goal}: {'met' if met else 'MISSED'})", flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that this part of them stay within."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
