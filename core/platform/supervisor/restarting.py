"""When a process that died is started again: soon, then ever later, and hardly ever once it dies all the time."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Exponential back-off within a window of deaths, and a long rest when the window is full."""

    base_s: float = 0.25
    factor: float = 2.0
    cap_s: float = 10.0
    window_s: float = 60.0
    deaths: int = 5
    rest_s: float = 300.0
    """How long a crashed process rests; then it gets one more window, so that a passing cause needs no operator."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a process that just died."""

    crashed: bool
    delay_s: float


def recent(deaths: Sequence[float], now: float, policy: RestartPolicy) -> list[float]:
    """Return the deaths that still count."""
    return [died_at for died_at in deaths if now - died_at < policy.window_s]


def judge(deaths: Sequence[float], now: float, policy: RestartPolicy) -> Verdict:
    """Decide about a process by its deaths, the present one included."""
    count = len(recent(deaths, now, policy))
    if count >= policy.deaths:
        return Verdict(crashed=True, delay_s=policy.rest_s)
    return Verdict(crashed=False, delay_s=min(policy.base_s * policy.factor ** max(count - 1, 0), policy.cap_s))
