"""Forecasts: where a figure goes within the next seconds if it goes on as it did, by lines of least squares.

The flatter of two counts, through all that is known and through the latest values: a step is no slope.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

OVER_S = 6.0
"""How far back is looked."""
AHEAD_S = 4.0
"""How far ahead is foreseen: longer than a worker takes to hold a job back, shorter than most trends last."""
FEWEST = 4
"""How many values make a line."""


@dataclass(slots=True)
class Trend:
    """The latest values of one figure."""

    over_s: float = OVER_S
    ahead_s: float = AHEAD_S
    _seen: deque[tuple[float, float]] = field(default_factory=deque)

    def see(self, at_s: float, value: float) -> float:
        """Take a value in, and return what it will be `ahead_s` later; the value itself where too few are known."""
        self._seen.append((at_s, value))
        while at_s - self._seen[0][0] > self.over_s:
            self._seen.popleft()
        if len(self._seen) < FEWEST:
            return value
        known = list(self._seen)
        return value + min(_slope(known), _slope(known[-FEWEST:]), key=abs) * self.ahead_s


def _slope(points: Sequence[tuple[float, float]]) -> float:
    count = len(points)
    mean_s = sum(at for at, _ in points) / count
    mean = sum(value for _, value in points) / count
    spread = sum((at - mean_s) ** 2 for at, _ in points)
    return sum((at - mean_s) * (value - mean) for at, value in points) / spread if spread else 0.0
