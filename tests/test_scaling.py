"""docs/scaling.md counts with what was measured, and counts right."""

import re
from decimal import Decimal
from functools import reduce

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
SCALING = (DOCS / "scaling.md").read_text()
PERFORMANCE = (DOCS / "performance.md").read_text()
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
SUMS = re.findall(rf"({_NUMBER}(?:\s[×/]\s{_NUMBER})+)\s=\s({_NUMBER})", SCALING)


def number(told: str) -> Decimal:
    return Decimal(told.replace(",", ""))


def result(sum_told: str) -> Decimal:
    """Of numbers with × and / between them, from left to right."""
    first, *rest = re.findall(rf"[×/]|{_NUMBER}", sum_told)
    pairs = zip(rest[::2], map(number, rest[1::2]), strict=True)
    return reduce(lambda so_far, by: so_far * by[1] if by[0] == "×" else so_far / by[1], pairs, number(first))


def half_a_digit(told: str) -> Decimal:
    """How far a rounded number may be from what it stands for."""
    return Decimal(1).scaleb(int(number(told).normalize().as_tuple().exponent)) / 2


def test_what_it_calls_measured_was_measured() -> None:
    measured = re.findall(rf"({_NUMBER})(?: (?:KiB|ms|s))? \*m\*", SCALING)
    assert len(measured) >= 15
    assert [told for told in measured if not re.search(rf"(?<![\d.,]){told}(?![\d.,]*\d)", PERFORMANCE)] == []


def test_it_shows_how_it_counts() -> None:
    assert len(SUMS) >= 20


@pytest.mark.parametrize(("sum_told", "told"), SUMS)
def test_it_counts_right(sum_told: str, told: str) -> None:
    assert abs(result(sum_told) - number(told)) <= half_a_digit(told)
