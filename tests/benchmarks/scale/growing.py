"""Growth on this machine: jobs that only compute, by one child and by two, and what coordinating them takes."""

from dataclasses import dataclass

from job_costs.bed import Bed
from job_costs.figures import Figure, Target, absolute, compared, spread
from sqlalchemy import text

from scale.slopes import CPU_SPENT, platform

BODY = b'{"kind":"platform.pi","params":{"points":1000000}}'
"""About a quarter of a second of computing."""
COORDINATING = ("relay", "parent", "postgres", "redis")
_SECONDS = text("SELECT extract(epoch FROM max(finished_at) - min(started_at)) FROM jobs WHERE kind = 'platform.pi'")


@dataclass(frozen=True, slots=True)
class Ran:
    """How fast jobs ran, and what share of all processor time went into other than computing and being asked."""

    jobs_per_s: float
    coordinating: float


def measure(bed: Bed) -> list[Figure]:
    """Run the same jobs by one child and by two, in turn."""
    jobs, rounds = (16, 2) if bed.quick else (40, 3)
    pairs = [(_run(bed, 2, jobs), _run(bed, 1, jobs)) for _ in range(rounds)]
    two, one = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    share = spread([100 * ran.coordinating for ran in two]).median
    return [
        compared(
            "jobs that compute, two children on two cores",
            Target(at_least=1.8),
            [ran.jobs_per_s for ran in two],
            [ran.jobs_per_s for ran in one],
            peer="one child",
            unit="/s",
        ),
        absolute(
            "relay, workers' parent, Postgres, Redis beside them", Target(at_most=15.0, unit="% of all CPU"), share
        ),
    ]


def _run(bed: Bed, children: int, jobs: int) -> Ran:
    bed.clear()
    with platform(bed, children=children) as running:
        before = running.read()
        running.submit(jobs, BODY)
        spent = {part: now - before[part] for part, now in running.read().items() if part in CPU_SPENT}
        with running.database.statements() as session:
            seconds = float(session.execute(_SECONDS).scalar_one())
    return Ran(jobs / seconds, sum(spent[part] for part in COORDINATING) / sum(spent.values()))
