"""This file is about the station's configurations: how many pumps of each kind run."""

from itertools import product

import numpy as np

from core.workloads.pumping.problem import Counts, Problem


def allowed(problem: Problem) -> Counts:
    """List the configurations that break no rule at every level, each a number of running pumps for each kind."""
    rules = problem.plant.rules
    always = [kind.name == rules.always_one_of for kind in problem.plant.pump_kinds]
    ranges = [range(int(one), n + 1) for one, n in zip(always, problem.fleet, strict=True)]
    lowest = problem.capacity.at(problem.floor)[0]
    rows = [
        row
        for row in product(*ranges)
        if sum(row) >= rules.pumps_min and float(np.dot(row, lowest)) <= rules.outflow_max_m3_per_h
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(ranges))
