"""Hysteresis: a rule fires when its figure was beyond a threshold for long enough, and clears beyond another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RuleState(StrEnum):
    """What a rule says: all is well, wrong but not for long enough, wrong."""

    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a figure is wrong, and when it is right again."""

    limit: float
    clear: float
    """What it has to come back to: with a gap to the limit nothing flutters."""
    above: bool = True
    """Whether more than the limit is wrong, or less."""
    for_s: float = 0.0
    """How long it has to be wrong."""

    def is_wrong(self, value: float) -> bool:
        """Tell whether a figure is beyond the limit."""
        return value > self.limit if self.above else value < self.limit

    def is_right(self, value: float) -> bool:
        """Tell whether a figure has come back."""
        return value <= self.clear if self.above else value >= self.clear


def step(
    state: RuleState, since: datetime | None, value: float | None, threshold: Threshold, now: datetime
) -> tuple[RuleState, datetime | None]:
    """Return a rule's next state and since when its figure is wrong.

    Without a figure what fires goes on firing, as nothing says that it is over, and what is pending is forgotten.
    """
    if state is RuleState.FIRING:
        over = value is not None and threshold.is_right(value)
        return (RuleState.OK, None) if over else (state, since)
    if value is None or not threshold.is_wrong(value):
        return RuleState.OK, None
    began = since if state is RuleState.PENDING and since is not None else now
    long_enough = now - began >= timedelta(seconds=threshold.for_s)
    return (RuleState.FIRING if long_enough else RuleState.PENDING), began
