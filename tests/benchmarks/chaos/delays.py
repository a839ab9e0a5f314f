"""Delays: which waits were longer than promised, and which faults or what load explains each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chaos import waits as waiting
from chaos.faults import CROWD, FAULTS, SETTLED_S, Strike
from chaos.load import crowds
from chaos.site import LEASE_S
from chaos.waits import START, UNHARMED, Wait
from tests.acceptance.faults.rig import Rig

PROMISED_S = LEASE_S + 10.0
RESENT_S, RESENT_AGAIN_S = 16.0, 6.0
"""A lost message is written again after 10 s of grace by a chore that runs every 6 s; when lost again, 6 s later."""


@dataclass(frozen=True, slots=True)
class Delays:
    """All waits by what they were for, and what explains the long ones."""

    taken_s: dict[str, list[float]]
    explained: Counter[str]
    unexplained: Sequence[str]


def examine(rig: Rig, strikes: Sequence[Strike]) -> Delays:
    """Read every wait, and look for what explains the long ones: faults, or too many jobs at once."""
    waits = waiting.read(rig, strikes)
    load = crowds(waits)
    taken_s: dict[str, list[float]] = {}
    explained, unexplained = Counter[str](), []
    for wait in waits:
        crowded = wait.what == START and _overlap_s(wait, load) > 0
        taken_s.setdefault(f"{wait.what} under load" if crowded else wait.what, []).append(wait.seconds)
        if wait.what == UNHARMED:
            unexplained.append(wait.job)
        elif wait.seconds > PROMISED_S:
            excuses = _excuses(wait, [*strikes, *load])
            if wait.seconds <= PROMISED_S + _allowed_s(wait, excuses):
                explained[_main_cause(wait, excuses)] += 1
            else:
                unexplained.append(_told(wait, excuses))
    return Delays(taken_s, explained, unexplained)


def _excuses(wait: Wait, strikes: Sequence[Strike]) -> list[Strike]:
    """Find what may have delayed it.

    What harms a child delays no job but its own, and a rescue not at all: it is what the rescue is for.
    """
    return [
        strike
        for strike in strikes
        if _delays(strike) in {"messages", "all", CROWD}
        and (strike is not wait.harm or _delays(strike) == "all")
        and _overlap_s(wait, [strike]) > 0
    ]


def _delays(strike: Strike) -> str | None:
    return CROWD if strike.fault == CROWD else FAULTS[strike.fault].delays


def _allowed_s(wait: Wait, excuses: Sequence[Strike]) -> float:
    losses = sum(_delays(strike) in {"messages", "all"} for strike in excuses)
    return _overlap_s(wait, excuses) + (RESENT_S + RESENT_AGAIN_S * (losses - 1) if losses else 0.0)


def _main_cause(wait: Wait, excuses: Sequence[Strike]) -> str:
    """Name what was at work longest; load, when that alone explains the wait."""
    load = [strike for strike in excuses if strike.fault == CROWD]
    if wait.seconds <= PROMISED_S + _allowed_s(wait, load):
        return CROWD
    by_fault = {fault: [strike for strike in excuses if strike.fault == fault] for fault in (*FAULTS, CROWD)}
    return max(by_fault, key=lambda fault: _overlap_s(wait, by_fault[fault]))


def _told(wait: Wait, excuses: Sequence[Strike]) -> str:
    causes = ", ".join(sorted({strike.fault for strike in excuses})) or "nothing"
    return f"{wait.job}: {wait.what} took {wait.seconds:.1f} s from {wait.since:.1f}, beside {causes}"


def _overlap_s(wait: Wait, strikes: Sequence[Strike]) -> float:
    """Return for how long of the wait at least one of these was at work."""
    total_s, reached = 0.0, wait.since
    for strike in sorted(strikes, key=lambda one: one.began_at):
        over = min(wait.until, _over_at(strike, wait))
        total_s += max(0.0, over - max(reached, strike.began_at))
        reached = max(reached, over)
    return total_s


def _over_at(strike: Strike, wait: Wait) -> float:
    if strike.fault == CROWD:
        return strike.ended_at or strike.began_at
    return (strike.ended_at or wait.until) + SETTLED_S
