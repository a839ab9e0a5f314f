"""Figures: a target, what was measured on our side and on the peer's, and whether the target is met."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several rounds, with the smallest and the largest."""

    median: float
    low: float
    high: float

    def written(self, unit: str = "") -> str:
        """Write it as `1.23 (1.10-1.40) ms`."""
        return f"{_short(self.median)} ({_short(self.low)}-{_short(self.high)}){unit and ' ' + unit}"


@dataclass(frozen=True, slots=True)
class Target:
    """The bound that a figure keeps or breaks; both None makes the figure information only."""

    at_most: float | None = None
    at_least: float | None = None
    unit: str = "x"

    def written(self) -> str:
        """Write it as `<= 0.6 x`."""
        bounds = [f"<= {self.at_most:g} {self.unit}"] if self.at_most is not None else []
        bounds += [f">= {self.at_least:g} {self.unit}"] if self.at_least is not None else []
        return ", ".join(bounds) or "-"

    def met(self, value: float) -> bool | None:
        """Tell whether a value keeps the bound; None when there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    target: str
    measured: str
    peer: str = "-"
    ratio: Spread | None = None
    met: bool | None = None

    def document(self) -> dict[str, Any]:
        """Write it as JSON."""
        ratio = None if self.ratio is None else {name: getattr(self.ratio, name) for name in Spread.__slots__}
        return {
            "figure": self.name,
            "target": self.target,
            "measured": self.measured,
            "peer": self.peer,
            "ratio": ratio,
            "met": self.met,
        }


def spread(values: Sequence[float]) -> Spread:
    """Summarize one figure's rounds."""
    return Spread(statistics.median(values), min(values), max(values))


def compared(
    name: str,
    target: Target,
    ours: Sequence[float],
    peers: Sequence[float],
    *,
    peer: str,
    unit: str,
    scale: float = 1.0,
) -> Figure:
    """Judge the ratio ours / peer's, paired by round: both sides of a pair saw the same machine."""
    ratio = spread([mine / theirs for mine, theirs in zip(ours, peers, strict=True)])
    measured = spread([scale * value for value in ours]).written(unit)
    beside = f"{peer}: {spread([scale * value for value in peers]).written(unit)}"
    return Figure(name, target.written(), measured, beside, ratio, target.met(ratio.median))


def absolute(name: str, target: Target, value: float) -> Figure:
    """Judge a figure that needs no peer."""
    return Figure(name, target.written(), f"{_short(value)} {target.unit}", met=target.met(value))


def unmeasured(name: str, reason: str) -> Figure:
    """Stand for figures that could not be measured; that is no pass."""
    return Figure(name, "-", f"not measured: {reason}", met=False)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
