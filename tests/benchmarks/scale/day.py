"""A day, simulated: jobs flow through the parts one after the other, as a fluid, and wait where a part is full.

Within a step each part passes on what it has, at most what it can. What waits at the end of a step is behind what came
before it, so a drop's waiting is what stands in line, over the rate.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scale.model import DAY_S


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a day."""

    longest_wait_s: float
    where: str
    """The part with the longest wait; empty: none had any."""
    done: float
    """Jobs that passed all parts before the day was over."""


def simulate(
    rates: Mapping[str, float], arriving: Callable[[float], float], *, step_s: float = 10.0, seconds: float = DAY_S
) -> Course:
    """Let jobs arrive (jobs a second, by the second of the day) and pass parts of so many jobs a second each."""
    waiting, longest, done = dict.fromkeys(rates, 0.0), dict.fromkeys(rates, 0.0), 0.0
    for step in range(round(seconds / step_s)):
        flow = arriving((step + 0.5) * step_s) * step_s
        for part, rate in rates.items():
            present = waiting[part] + flow
            flow = min(present, rate * step_s)
            waiting[part] = present - flow
            longest[part] = max(longest[part], waiting[part] / rate)
        done += flow
    where = max(longest, key=longest.__getitem__)
    return Course(longest[where], where if longest[where] else "", done)


def with_a_busy_noon(jobs: float, peak: float) -> Callable[[float], float]:
    """Return the arrivals of a day of so many jobs with `peak` times its mean at noon (1 to 2), the rest at night."""
    mean = jobs / DAY_S
    return lambda at_s: mean * (1 - (peak - 1) * math.cos(2 * math.pi * at_s / DAY_S))
