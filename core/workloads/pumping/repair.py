"""This file is about mending an earlier plan: its rows moved to where the horizon begins now, and polished."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from core.workloads.pumping.dynamics import feasible, simulate
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.solvers import hold_prices, local_search
from core.workloads.pumping.solvers.base import Pulse, Solution

_ROUNDS, _PAIRS = 2, 500
"""Enough to mend a plan; polishing it more would take longer than whoever waits for a repair is given."""


def mend(problem: Problem, earlier: Sequence[Mapping[str, Any]], pulse: Pulse) -> Solution | None:
    """Return the earlier plan for the new horizon, polished; None when no plan near it keeps every rule.

    `earlier` are rows of a schedule; beyond their end the last configuration goes on.
    """
    counts = _counts(problem, earlier)
    if counts is None:
        return None
    mended = local_search.improve(problem, counts, pulse, rounds=_ROUNDS, pairs=_PAIRS)
    if not feasible(problem, mended[None], simulate(problem, mended[None]))[0]:
        return None
    return Solution(mended, None, hold_prices.free(problem))


def _counts(problem: Problem, earlier: Sequence[Mapping[str, Any]]) -> Counts | None:
    index = {kind.name: position for position, kind in enumerate(problem.plant.pump_kinds)}
    kinds = {pump.name: index[pump.kind] for pump in problem.plant.pumps}
    rows = {_plain(datetime.fromisoformat(row["time"])): row["pumps"] for row in earlier}
    counts = np.zeros((problem.steps, len(problem.fleet)), dtype=np.int64)
    known: Mapping[str, float] | None = None
    for step, time in enumerate(problem.times()):
        known = rows.get(_plain(time), known)
        if known is None:
            return None
        for name, hz in known.items():
            counts[step, kinds[name]] += hz > 0
    return counts


def _plain(time: datetime) -> datetime:
    return time.replace(tzinfo=None)
