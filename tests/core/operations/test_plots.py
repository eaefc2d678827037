"""Geometry: what is drawn where, which labels the axes bear, and what isn't known isn't drawn."""

from datetime import UTC, datetime, timedelta

import pytest

from core.operations.plots import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Line,
    Plot,
    draw,
    nice_step,
    seconds,
    whole,
)

START = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def plot(*lines: Line, minutes: int = 1) -> Plot:
    count = max(len(line.values) for line in lines)
    moments = [START + timedelta(minutes=minutes * number) for number in range(count)]
    return draw("name", "Title", "About.", moments=moments, lines=lines, unit=whole)


def test_the_highest_is_at_the_top_and_nothing_at_the_bottom() -> None:
    drawn = plot(Line("a", [0, 50, 100]))
    begin, middle, end = drawn.lines[0].stretches[0].split(" ")
    assert begin == f"{LEFT}.0,{HEIGHT - BOTTOM}.0"
    assert middle == f"{(LEFT + WIDTH - RIGHT) / 2},{(TOP + HEIGHT - BOTTOM) / 2}"
    assert end == f"{WIDTH - RIGHT}.0,{TOP}.0"
    assert [tick.label for tick in drawn.y_ticks] == ["0", "50", "100"]


def test_counts_have_no_halves() -> None:
    assert [tick.label for tick in plot(Line("a", [0, 1])).y_ticks] == ["0", "1"]


def test_a_gap_is_a_gap() -> None:
    line = plot(Line("a", [1, 1, None, 1, None, 1, 1])).lines[0]
    assert len(line.stretches) == 2
    assert len(line.dots) == 1


def test_events_are_dots() -> None:
    line = plot(Line("a", [1, 2, None], is_dots=True)).lines[0]
    assert (line.stretches, len(line.dots)) == ([], 2)


def test_nothing_known_is_an_empty_plot() -> None:
    assert plot(Line("a", [None, None]), Line("b", [None, None])).is_empty
    assert not plot(Line("a", [0, 0])).is_empty


def test_a_line_says_its_last_and_highest_value() -> None:
    first, second = plot(Line("a", [7, 3]), Line("b", [2, None])).lines
    assert (first.now, first.highest) == ("3", "7")
    assert (second.now, second.highest) == ("–", "2")


@pytest.mark.parametrize(
    ("minutes", "first", "second"), [(1, "20:00", "20:30"), (6, "21:00", "00:00"), (42, "23 Nov", "24 Nov")]
)
def test_times_are_round(minutes: int, first: str, second: str) -> None:
    labels = [tick.label for tick in plot(Line("a", [1.0] * 240), minutes=minutes).x_ticks]
    assert labels[:2] == [first, second]
    assert len(labels) <= 10


def test_a_pointer_is_told_the_moment_and_the_values() -> None:
    hints = plot(Line("a", [1, None]), Line("b", [2, None])).hints
    assert [hint.text for hint in hints] == ["22 Nov 20:00\na: 1\nb: 2"]


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (0.3, 0.1), (1, 0.5), (4, 1), (7, 2), (95, 50), (381, 100), (3635, 1000)]
)
def test_steps_are_round(highest: float, step: float) -> None:
    assert nice_step(highest) == pytest.approx(step)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 s"), (0.0421, "42 ms"), (1.5, "1.5 s"), (90, "90 s"), (180, "3 min"), (9000, "2.5 h")],
)
def test_durations_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said
