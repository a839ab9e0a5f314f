"""This file is about which pump runs: numbers of running pumps made into names, by equal wear and efficiency."""

import numpy as np

from core.workloads.pumping.problem import Counts, Floats, Problem, PumpState

_WEAR_CLASS_H = 6.0


def assign(problem: Problem, counts: Counts) -> Floats | None:
    """Return the frequency of each usable pump, shape (steps, pumps); None when the hold leaves too few to switch.

    Among pumps that may switch, the one with fewer hours (in classes of six) starts, the more efficient among equals;
    stopping is the other way round. Which one is chosen never matters for the hold: they are all free alike.
    """
    hz = np.zeros((problem.steps, len(problem.pumps)))
    on = [pump.on for pump in problem.pumps]
    free_at = [pump.locked_steps for pump in problem.pumps]
    hours = [0.0] * len(problem.pumps)
    for step in range(problem.steps):
        for kind in range(counts.shape[1]):
            members = [i for i, pump in enumerate(problem.pumps) if pump.kind == kind]
            missing = int(counts[step, kind]) - sum(on[i] for i in members)
            free = [i for i in members if on[i] != (missing > 0) and free_at[i] <= step]
            if len(free) < abs(missing):
                return None
            order = sorted(free, key=lambda i: _turn(problem.pumps[i], hours[i]), reverse=missing < 0)
            for i in order[: abs(missing)]:
                on[i] = not on[i]
                free_at[i] = step + problem.hold_steps
        for i, pump in enumerate(problem.pumps):
            if on[i]:
                hours[i] += problem.step_h
                hz[step, i] = problem.plant.pump_kinds[pump.kind].run_hz
    return hz


def _turn(pump: PumpState, hours: float) -> tuple[int, float, str]:
    return int(hours // _WEAR_CLASS_H), pump.rank, pump.name
