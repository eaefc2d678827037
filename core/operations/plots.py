"""Lines over time as geometry that a template draws as SVG: no script, no library, no inline style."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor, log10

WIDTH, HEIGHT = 760, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 10, 26
_Y_STEPS = 4
_X_LABELS = 9
_TIME_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48)),
)
Value = float | None
Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A named series: a value for each moment of its plot, None where nothing is known.

    One that tells of events, which most moments have none of, is drawn as dots.
    """

    name: str
    values: Sequence[Value]
    is_dots: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line as drawn: SVG points for each stretch that is known, and dots for those of one moment."""

    name: str
    stretches: list[str]
    dots: list[tuple[float, float]]
    now: str
    highest: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A column of the plot, and what a pointer that rests on it is told."""

    left: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A titled plot of lines over the same moments; is_empty if no line has a value."""

    name: str
    title: str
    about: str
    lines: list[Drawn] = field(default_factory=list)
    y_ticks: list[Tick] = field(default_factory=list)
    x_ticks: list[Tick] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.lines

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    plot_height = HEIGHT - BOTTOM - TOP


def draw(
    name: str, title: str, about: str, *, moments: Sequence[datetime], lines: Sequence[Line], unit: Format
) -> Plot:
    """The plot of lines over evenly spaced moments, which are in the time zone of the reader.

    What is counted in whole numbers has no steps between them.
    """
    known = [value for line in lines for value in line.values if value is not None]
    if not known or len(moments) < 2:
        return Plot(name, title, about)
    step = max(nice_step(max(known)), 1.0 if unit is whole else 0.0)
    top = step * max(1, -(-max(known) // step))
    drawn = [_drawn(line, top, unit) for line in lines]
    y_ticks = [Tick(_y(step * number, top), unit(step * number)) for number in range(round(top / step) + 1)]
    return Plot(name, title, about, drawn, y_ticks, _x_ticks(moments), _hints(moments, lines, unit))


def nice_step(highest: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, of which about four reach the highest value."""
    if highest <= 0:
        return 1.0
    rough = highest / _Y_STEPS
    magnitude = 10.0 ** floor(log10(rough))
    return next(step for step in (magnitude, 2 * magnitude, 5 * magnitude, 10 * magnitude) if step >= rough)


def _drawn(line: Line, top: float, unit: Format) -> Drawn:
    count = len(line.values)
    stretches: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(line.values):
        if value is None or line.is_dots:
            stretches.append([])
        if value is not None:
            stretches[-1].append((_x(index, count), _y(value, top)))
    known = [value for value in line.values if value is not None]
    latest = line.values[-1]
    return Drawn(
        line.name,
        [" ".join(f"{x},{y}" for x, y in stretch) for stretch in stretches if len(stretch) > 1],
        [stretch[0] for stretch in stretches if len(stretch) == 1],
        "–" if latest is None else unit(latest),
        unit(max(known)) if known else "–",
    )


def _x_ticks(moments: Sequence[datetime]) -> list[Tick]:
    spacing = moments[1] - moments[0]
    span = moments[-1] - moments[0]
    step = next((step for step in _TIME_STEPS if span / step <= _X_LABELS), _TIME_STEPS[-1])
    form = "%d %b" if step >= timedelta(hours=24) else "%H:%M"
    midnight = moments[0].replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Tick(_x(index, len(moments)), f"{moment:{form}}")
        for index, moment in enumerate(moments)
        if (moment - midnight) % step < spacing
    ]


def _hints(moments: Sequence[datetime], lines: Sequence[Line], unit: Format) -> list[Hint]:
    width = (WIDTH - LEFT - RIGHT) / (len(moments) - 1)
    return [
        Hint(
            round(_x(index, len(moments)) - width / 2, 1), round(width, 2), _told(moment, index, lines, unit)
        )
        for index, moment in enumerate(moments)
        if any(line.values[index] is not None for line in lines)
    ]


def _told(moment: datetime, index: int, lines: Sequence[Line], unit: Format) -> str:
    values = ((line.name, line.values[index]) for line in lines)
    told = [f"{name}: {unit(value)}" for name, value in values if value is not None]
    return "\n".join([f"{moment:%d %b %H:%M}", *told])


def _x(index: int, count: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * index / (count - 1), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)


def whole(value: float) -> str:
    """A count."""
    return f"{value:,.0f}"


def seconds(value: float) -> str:
    """A duration as people say it: 250 ms, 1.5 s, 2 min, 3 h."""
    if value == 0:
        return "0 s"
    if value < 1:
        return f"{value * 1000:.0f} ms"
    for size, name in ((3600, "h"), (60, "min")):
        if value >= 2 * size:
            return f"{value / size:.3g} {name}"
    return f"{value:.3g} s"
