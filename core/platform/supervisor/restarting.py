"""When a process that died is started again: soon, then ever later up to a cap; nobody has to ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Exponential back-off over the deaths within a window; so many of them are called a crash loop."""

    base_s: float = 0.25
    factor: float = 2.0
    cap_s: float = 30.0
    window_s: float = 60.0
    deaths: int = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a process that just died: whether it is in a crash loop, and when it is started again."""

    crashed: bool
    delay_s: float


def recent(deaths: Sequence[float], now: float, policy: RestartPolicy) -> list[float]:
    """Return the deaths that still count."""
    return [died_at for died_at in deaths if now - died_at < policy.window_s]


def judge(deaths: Sequence[float], now: float, policy: RestartPolicy) -> Verdict:
    """Decide about a process by its deaths, the present one included."""
    count = len(recent(deaths, now, policy))
    delay_s = min(policy.base_s * policy.factor ** max(count - 1, 0), policy.cap_s)
    return Verdict(crashed=count >= policy.deaths, delay_s=delay_s)
