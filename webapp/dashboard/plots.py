"""Line charts: drawn on the server, and told as numbers to the library that adds values under the pointer."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Value = float | None
WIDTH, HEIGHT = 960.0, 210.0
LEFT, BOTTOM, TOP = 52.0, 24.0, 8.0
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart."""

    name: str
    values: Sequence[Value]
    color: int = 1
    stepped: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over the same places: instants in epoch seconds where `by_time`, else numbers."""

    title: str
    unit: str
    at: Sequence[float]
    lines: Sequence[Line]
    by_time: bool = True
    bands: Sequence[tuple[int, int]] = ()
    """Pairs of lines between which is filled, in the first one's color."""
    at_name: str = "No."
    """What the places are, where they are no times."""

    @property
    def span(self) -> tuple[float, float]:
        """Return the least and the largest value, a little apart."""
        values = [value for line in self.lines for value in line.values if value is not None]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        margin = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return low - margin, high + margin

    @property
    def rows(self) -> list[tuple[float, str]]:
        """Return the heights of the horizontal lines, with what they stand for."""
        low, high = self.span
        step = _nice_step((high - low) / _TICKS)
        first = math.ceil(low / step)
        count = math.floor(high / step) - first + 1
        return [(self._y(index * step), f"{index * step:.6g}") for index in range(first, first + count)]

    @property
    def columns(self) -> list[tuple[float, str]]:
        """Return where along the chart places are named."""
        if len(self.at) < 2:  # noqa: PLR2004 - nothing lies between fewer
            return []
        places = range(0, len(self.at), max(1, len(self.at) // 8))
        return [(self._x(self.at[place]), self._named(self.at[place])) for place in places]

    def path(self, line: Line) -> str:
        """Write a line as the path of an SVG; where values are missing it is interrupted."""
        words: list[str] = []
        begun = False
        for at, value in zip(self.at, line.values, strict=False):
            if value is None:
                begun = False
                continue
            x, y = f"{self._x(at):.1f}", f"{self._y(value):.1f}"
            words.append(f"M{x} {y}" if not begun else f"H{x}V{y}" if line.stepped else f"L{x} {y}")
            begun = True
        return "".join(words)

    def area(self, band: tuple[int, int]) -> str:
        """Write what lies between two lines that are nowhere missing as the path of an SVG."""
        one, other = (self.lines[place].values for place in band)
        around = [*zip(self.at, one, strict=True), *reversed(list(zip(self.at, other, strict=True)))]
        points = [f"{self._x(at):.1f} {self._y(value):.1f}" for at, value in around if value is not None]
        return f"M{'L'.join(points)}Z" if points else ""

    def as_json(self) -> str:
        """Write the chart for the library."""
        told = {
            "title": self.title,
            "unit": self.unit,
            "time": self.by_time,
            "at": self.at_name,
            "bands": [list(band) for band in self.bands],
            "data": [list(self.at), *(list(line.values) for line in self.lines)],
            "lines": [
                {"name": line.name, "color": line.color, "stepped": line.stepped, "dashed": line.dashed}
                for line in self.lines
            ],
        }
        return json.dumps(told).replace("<", "\\u003c")

    def _x(self, at: float) -> float:
        first, last = self.at[0], self.at[-1]
        return LEFT + (WIDTH - LEFT) * ((at - first) / (last - first) if last > first else 0.5)

    def _y(self, value: float) -> float:
        low, high = self.span
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    def _named(self, at: float) -> str:
        return f"{datetime.fromtimestamp(at, UTC):%H:%M}" if self.by_time else f"{at:g}"


def seconds(instants: Sequence[str]) -> list[float]:
    """Read instants as epoch seconds; those without an offset are taken as they are, so that they read the same."""
    return [_aware(datetime.fromisoformat(at)).timestamp() for at in instants]


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _nice_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in _NICE if power * nice >= rough * 0.999)
