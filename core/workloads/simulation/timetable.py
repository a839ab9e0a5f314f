"""The steps of a run, and those after which something is told. Times are computed from steps, never added up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a run begins, how long its steps are, how many there are, and how many lie between two looks."""

    start: float
    dt: float
    steps: int
    stride: int

    def time(self, step: int) -> float:
        """Return when a step begins."""
        return self.start + step * self.dt

    def step_at(self, time: float) -> int:
        """Return the step that begins nearest to a time."""
        return round((time - self.start) / self.dt)

    @property
    def told(self) -> list[int]:
        """Return the steps before which the state is told: the first, each so many, and the end."""
        told = list(range(0, self.steps, self.stride))
        return [*told, self.steps]


def make(start: float, horizon: float, dt: float, points: int) -> Timetable:
    """Lay out a run that is told at about so many moments; a horizon is rounded to whole steps."""
    steps = count_steps(horizon, dt)
    return Timetable(start, dt, steps, max(1, -(-steps // max(1, points - 1))))


def count_steps(horizon: float, dt: float) -> int:
    """Return how many steps a horizon takes."""
    return max(1, round(horizon / dt))
