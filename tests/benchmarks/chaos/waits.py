"""The waits of jobs as their events tell them: for their time, for a worker, for a rescue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chaos.faults import FAULTS, SETTLED_S, Strike
from tests.acceptance.faults.rig import Rig

PROMOTION, START, RESCUE, ANEW, FIRING = (
    "promotion",
    "start",
    "rescue",
    "lost until claimed anew",
    "firing of a schedule",
)
UNHARMED = "rescue without a fault"


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of one job, in seconds since the epoch."""

    what: str
    job: str
    since: float
    until: float
    harm: Strike | None = None
    """The fault that it is the wait for the end of."""

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.until - self.since


def read(rig: Rig, strikes: Sequence[Strike]) -> list[Wait]:
    """Read every wait out of the events, and when schedules were fired."""
    waits = [Wait(FIRING, str(row.id), row.due, row.at) for row in rig.query(_FIRINGS)]
    for _, events in groupby(rig.query(_EVENTS), key=lambda event: event.job_id):
        waits += _waits(list(events), strikes)
    return waits


def _waits(events: Sequence[Any], strikes: Sequence[Strike]) -> Iterator[Wait]:
    """Find in a job's events: due until queued, queued until claimed, its worker harmed until another has it.

    Whoever waits at a gate waits for the others of his key, not for a worker: that is left out.
    """
    first = events[0]
    ready: float | None = None if first.follows else max(first.at, first.run_at or first.at)
    claim: Any = None
    loss: Wait | None = None
    for event in events[1:]:
        job = f"{event.job_id} ({event.sort})"
        match event.type:
            case "job.queued" | "job.released" | "job.rescued" | "job.retried":
                if event.type == "job.queued" and ready is not None:
                    yield Wait(PROMOTION, job, ready, event.at)
                if event.type == "job.rescued" and claim is not None:
                    loss = _loss(job, claim, event, strikes)
                    yield loss
                ready = event.at
            case "job.claimed":
                if ready is not None and not first.gated:
                    yield Wait(START, job, ready, event.at)
                    if loss is not None and loss.what == RESCUE:
                        yield Wait(ANEW, job, loss.since, event.at, loss.harm)
                ready, claim, loss = None, event, None
            case "job.retryable":
                ready = event.at + event.data.get("delay_s", 0.0)


def _loss(job: str, claim: Any, rescued: Any, strikes: Sequence[Strike]) -> Wait:
    """Measure from the last harm to the job's worker; a job may also have harmed its worker itself."""
    pid = int(claim.data["worker"].rpartition(":")[2])
    harms = [strike for strike in strikes if strike.began_at < rescued.at and _may_hit(strike, pid, claim.at)]
    if harms:
        harm = max(harms, key=lambda strike: (pid in strike.pids, strike.began_at))
        return Wait(RESCUE, job, max(claim.at, harm.began_at), rescued.at, harm)
    if claim.kind == "platform.fail":
        return Wait(RESCUE, job, claim.at, rescued.at)
    return Wait(UNHARMED, f"{job}: rescued, {rescued.data.get('cause')}", claim.at, rescued.at)


def _may_hit(strike: Strike, pid: int, claimed_at: float) -> bool:
    over = (strike.ended_at or strike.began_at) + SETTLED_S
    return claimed_at < over and (pid in strike.pids or FAULTS[strike.fault].delays == "all")


_EVENTS = """
SELECT event.job_id, event.type, event.data, extract(epoch FROM event.at)::float8 AS at, job.kind,
       extract(epoch FROM job.run_at)::float8 AS run_at, coalesce(job.tags[1], job.kind) AS sort,
       job.gates <> '{}' AS gated, EXISTS (SELECT FROM job_dependencies AS edge WHERE edge.job_id = job.id) AS follows
FROM job_events AS event JOIN jobs AS job ON job.id = event.job_id
WHERE event.type NOT IN ('job.progress', 'job.cancel_requested')
ORDER BY event.job_id, event.seq
"""
_FIRINGS = """
SELECT schedule_id AS id, extract(epoch FROM fire_at)::float8 AS due, extract(epoch FROM recorded_at)::float8 AS at
FROM schedule_runs
"""
