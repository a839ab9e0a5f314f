"""The model: every part has a capacity, a load takes its share, and the part with the largest share is full first.

All demands are linear in the load, as the slopes are that they come from (operational analysis: the utilization law,
Denning and Buzen, Computing Surveys 10 (3), 1978). So the load at which a part is full follows from one division.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

DAY_S = 86_400.0
LEASE_RENEWED_EVERY_S = 10.0
"""A third of the lease."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the platform."""

    jobs_per_day: float
    workers: int
    """Child processes that execute jobs."""
    children: int = 16
    """How many of them one parent has, on one host."""
    polls: float = 2.0
    """How often a job is asked after until it has ended."""
    peak: float = 2.0
    """The busiest time of the day beside its mean."""
    kept_days: float = 7.0

    def __mul__(self, factor: float) -> "Load":
        """Return the same load so many times as large."""
        return replace(self, jobs_per_day=self.jobs_per_day * factor, workers=round(self.workers * factor))

    def amounts(self) -> Mapping[str, float]:
        """Count what each of the demands is per: at the busiest time of the day, in units a second or as a number."""
        jobs = self.peak * self.jobs_per_day / DAY_S
        return {
            "job": jobs,
            "poll": jobs * self.polls,
            "renewal": self.workers / LEASE_RENEWED_EVERY_S,
            "child": float(self.workers),
            "parent": self.workers / self.children,
            "kept": self.jobs_per_day * self.kept_days,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A part that can be full."""

    name: str
    capacity: float
    """Of one of it: cores, bytes a second, connections, bytes."""
    unit: str
    demands: Mapping[str, float] = field(default_factory=dict)
    """How much a unit of each of the amounts of a load takes."""
    change: str = ""
    """What to do once it is full."""

    def demand(self, load: Load) -> float:
        """Return how much a load takes, in the unit of the capacity."""
        amounts = load.amounts()
        return sum(amounts[per] * much for per, much in self.demands.items())

    def share(self, load: Load) -> float:
        """Return how many of this part a load takes; above 1: one is not enough."""
        return self.demand(load) / self.capacity

    def jobs_per_s(self, load: Load) -> float:
        """Return at how many jobs a second one of this part is full, by a load of the same composition."""
        return load.amounts()["job"] / self.share(load)


def by_share(parts: Sequence[Part], load: Load) -> list[Part]:
    """Order parts by which is full first as the load grows."""
    return sorted(parts, key=lambda part: part.share(load), reverse=True)
