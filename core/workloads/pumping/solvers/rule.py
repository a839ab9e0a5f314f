"""This file is about the rule controller: hold a level, empty the basin on dry nights, look at nothing ahead."""

from dataclasses import dataclass

import numpy as np

from core.workloads.pumping import configurations
from core.workloads.pumping.geometry import volume_m3
from core.workloads.pumping.problem import Counts, Day, Problem
from core.workloads.pumping.solvers.base import Pulse, Solution

_RETURN_H = 4.0
_EMPTYING_H = 1.0
_NIGHT_FROM_H, _NIGHT_TO_H = 2.0, 6.0
_WORTH_SWITCHING = 0.15


@dataclass(frozen=True, slots=True)
class RuleController:
    """What an operator without a plan does; the baseline of every plan, and the fallback."""

    name: str = "rule"

    def solve(self, problem: Problem, pulse: Pulse) -> Solution | None:
        """Return a plan whenever a pump may run; it keeps the hold and the outflow's limit, and the level if it can."""
        rows = configurations.allowed(problem)
        if not len(rows):
            return None
        counts = np.empty((problem.steps, rows.shape[1]), dtype=np.int64)
        volume, running = problem.volume0, problem.counts0
        wait = max((pump.locked_steps for pump in problem.pumps if not pump.ordered_steps), default=0)
        emptied = False
        for step in range(problem.steps):
            pulse(step / problem.steps, "running the rule controller")
            day = next(day for day in problem.days if day.start <= step < day.stop)
            emptied = emptied and step != day.start
            chosen = self._decide(
                problem, rows, running, volume, step, wait, emptying=_due(problem, day, step, emptied)
            )
            if (chosen != running).any():
                wait = problem.hold_steps
            wait = max(0, wait - 1)
            running = counts[step] = chosen
            flow = float(chosen @ problem.capacity.at(volume)[0])
            volume = max(problem.floor, volume + (problem.inflow[step] - flow) * problem.step_h)
            emptied = emptied or volume < problem.volume_empty
        return Solution(counts)

    def _decide(
        self, problem: Problem, rows: Counts, running: Counts, volume: float, step: int, wait: int, *, emptying: bool
    ) -> Counts:
        flows = rows @ problem.capacity.at(volume)[0]
        permitted = problem.permitted(rows, step)
        if not permitted.any():
            least, most = problem.locked_on[step], problem.fleet - problem.locked_off[step]
            return np.asarray(np.clip(running, least, most), dtype=np.int64)
        usable = permitted & (flows <= problem.plant.rules.outflow_max_m3_per_h)
        normal = float(volume_m3(problem.plant, problem.plant.normal_level_m))
        target = problem.inflow[step] + (volume - normal) / _RETURN_H
        if emptying:
            target = problem.inflow[step] + (volume - problem.floor) / _EMPTYING_H
        if volume > problem.volume_alarm:
            target = problem.plant.rules.outflow_max_m3_per_h
        current = (rows == running).all(axis=1)
        if wait:
            usable &= _reachable(problem, rows, running, step, urgent=volume > problem.volume_alarm)
        if not usable.any():
            return np.asarray(rows[permitted][int(np.argmin(np.abs(rows[permitted] - running).sum(axis=1)))])
        distance = np.where(usable, np.abs(flows - target), np.inf)
        best = int(np.argmin(distance))
        if current.any() and usable[current][0] and not emptying:
            stay = float(distance[current][0])
            if stay - distance[best] < _WORTH_SWITCHING * max(target, 1.0):
                return running
        return np.asarray(rows[best])


def _due(problem: Problem, day: Day, step: int, emptied: bool) -> bool:  # noqa: FBT001 - both callers' words
    time = problem.times()[step]
    hour = time.hour + time.minute / 60.0
    late = day.start == 0 and hour >= _NIGHT_TO_H
    return day.empty and not emptied and (_NIGHT_FROM_H <= hour < _NIGHT_TO_H or late)


def _reachable(
    problem: Problem, rows: Counts, running: Counts, step: int, *, urgent: bool
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """While the hold lasts the station stays as it is; above the alarm, or with too few running, pumps may be added."""
    same = np.asarray((rows == running).all(axis=1))
    if not urgent and same.any():
        return same
    rest = np.zeros_like(running)
    for pump in problem.pumps:
        if not pump.on and pump.locked_steps > step:
            rest[pump.kind] += 1
    return np.asarray(((rows >= running) & (rows <= problem.fleet - rest)).all(axis=1))
