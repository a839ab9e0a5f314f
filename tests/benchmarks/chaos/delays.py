"""Delays: how long jobs waited for a start or a rescue, and which fault explains each long wait."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chaos.faults import CROWD, FAULTS, Strike
from chaos.site import LEASE_S
from tests.acceptance.faults.rig import Rig

PROMISED_S = LEASE_S + 10.0
SETTLED_S = 2.0
"""How long after a fault its traces still count: connections are made anew, processes fork."""
RESENT_S, RESENT_AGAIN_S = 16.0, 6.0
"""A lost message is written again after 10 s of grace by a chore that runs every 6 s; when lost again, 6 s later."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of one job, in seconds since the epoch."""

    what: str
    job: str
    since: float
    until: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Delays:
    """All waits, the long ones with what explains them."""

    waits: Sequence[Wait]
    explained: Counter[str]
    unexplained: Sequence[str]


def examine(rig: Rig, strikes: Sequence[Strike], crowds: Sequence[Strike]) -> Delays:
    """Read every wait out of the events, and look for what explains the long ones: faults, or too many jobs at once."""
    waits, unexplained, explained = [], [], Counter[str]()
    for _, events in groupby(rig.query(_EVENTS), key=lambda event: event.job_id):
        waits += list(_waits(list(events), strikes))
    for wait in waits:
        if wait.seconds <= PROMISED_S:
            continue
        excuses = _excuses(wait, [*strikes, *crowds])
        if excuses and wait.seconds <= PROMISED_S + _allowed_s(wait, excuses):
            explained[max(excuses, key=lambda strike: _overlap_s(wait, [strike])).fault] += 1
        else:
            unexplained.append(f"{wait.job}: {wait.what} took {wait.seconds:.1f} s")
    return Delays(waits, explained, [*unexplained, *(w.job for w in waits if w.what.startswith("rescue without"))])


def _waits(events: Sequence[Any], strikes: Sequence[Strike]) -> Iterator[Wait]:
    """Find in a job's events: due until queued, queued until claimed, its worker harmed until rescued."""
    first = events[0]
    ready: float | None = None if first.follows else max(first.at, first.run_at or first.at)
    claim: Any = None
    for event in events[1:]:
        job = f"{event.job_id} ({event.sort})"
        match event.type:
            case "job.queued" | "job.released" | "job.rescued" | "job.retried":
                if event.type == "job.queued" and ready is not None:
                    yield Wait("promotion", job, ready, event.at)
                if event.type == "job.rescued" and claim is not None:
                    yield _rescue(job, claim, event, strikes)
                ready = event.at
            case "job.claimed":
                if ready is not None:
                    yield Wait("start", job, ready, event.at)
                ready, claim = None, event
            case "job.retryable":
                ready = event.at + event.data.get("delay_s", 0.0)


def _rescue(job: str, claim: Any, rescued: Any, strikes: Sequence[Strike]) -> Wait:
    """Measure from the last harm to the job's worker; a job may also have harmed its worker itself."""
    pid = int(claim.data["worker"].rpartition(":")[2])
    harms = [strike for strike in strikes if strike.began_at < rescued.at and _may_hit(strike, pid, claim.at)]
    if harms:
        return Wait("rescue", job, max(claim.at, harms[-1].began_at), rescued.at)
    if claim.kind == "platform.fail":
        return Wait("rescue", job, claim.at, rescued.at)
    return Wait("rescue without a fault", f"{job}: rescued, {rescued.data.get('cause')}", claim.at, rescued.at)


def _may_hit(strike: Strike, pid: int, claimed_at: float) -> bool:
    over = (strike.ended_at or strike.began_at) + SETTLED_S
    return claimed_at < over and (pid in strike.pids or FAULTS[strike.fault].delays == "all")


def _excuses(wait: Wait, strikes: Sequence[Strike]) -> list[Strike]:
    """Find what may have delayed it; that one child of many works no more delays no job but its own."""
    kinds = {"messages", "all"} if wait.what != "rescue" else {"work", "messages", "all"}
    return [one for one in strikes if _delays(one) in {*kinds, CROWD} and _overlap_s(wait, [one]) > 0]


def _delays(strike: Strike) -> str | None:
    return CROWD if strike.fault == CROWD else FAULTS[strike.fault].delays


def _allowed_s(wait: Wait, excuses: Sequence[Strike]) -> float:
    losses = sum(_delays(strike) in {"messages", "all"} for strike in excuses)
    return _overlap_s(wait, excuses) + (RESENT_S + RESENT_AGAIN_S * (losses - 1) if losses else 0.0)


def _overlap_s(wait: Wait, strikes: Sequence[Strike]) -> float:
    """Return for how long of the wait at least one of these faults was at work."""
    total_s, reached = 0.0, wait.since
    for strike in sorted(strikes, key=lambda one: one.began_at):
        over = min(wait.until, (strike.ended_at or wait.until) + SETTLED_S)
        total_s += max(0.0, over - max(reached, strike.began_at))
        reached = max(reached, over)
    return total_s


_EVENTS = """
SELECT event.job_id, event.type, event.data, extract(epoch FROM event.at)::float8 AS at, job.kind,
       extract(epoch FROM job.run_at)::float8 AS run_at, coalesce(job.tags[1], 'none') AS sort,
       EXISTS (SELECT FROM job_dependencies AS edge WHERE edge.job_id = job.id) AS follows
FROM job_events AS event JOIN jobs AS job ON job.id = event.job_id
WHERE event.type NOT IN ('job.progress', 'job.cancel_requested')
ORDER BY event.job_id, event.seq
"""
