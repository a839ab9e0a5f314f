"""This file is about operating a plant step by step: a plan's next steps under what really happens, and its memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.workloads.pumping import schedule
from core.workloads.pumping.assignment import assign
from core.workloads.pumping.geometry import level_m
from core.workloads.pumping.problem import Counts, Floats, Problem, without

Row = dict[str, Any]
LONG_AGO_MINUTES = 1440.0


def operate(problem: Problem, counts: Counts, inflow: Floats, state: Mapping[str, Any]) -> tuple[list[Row], Row]:
    """Run a plan's first steps under the inflow that really comes; return rows and the plant's state after them.

    Names are given to pumps as the planner does; volumes keep every digit.
    """
    steps = len(inflow)
    real = replace(problem, inflow=np.asarray(inflow, dtype=float), price=problem.price[:steps])
    hz = assign(real, counts[:steps])
    if hz is None:
        hz = assign(without(real, "hold"), counts[:steps])
    assert hz is not None, "without a hold every pump may switch"
    rows = schedule.run(real, hz)
    return rows, after(problem, state, rows)


def after(problem: Problem, state: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the state at the end of rows: level, and for each pump whether it runs and since when."""
    minutes = problem.step_h * 60.0
    pumps = {}
    for pump in problem.plant.pumps:
        before = state["pumps"].get(pump.name, {})
        on, since = before.get("on", False), before.get("minutes_since_switch", LONG_AGO_MINUTES)
        for row in rows:
            now = row["pumps"].get(pump.name, 0.0) > 0
            since = minutes if now != on else min(LONG_AGO_MINUTES, since + minutes)
            on = now
        pumps[pump.name] = {**before, "on": on, "minutes_since_switch": since}
    empty = any(row["level_m"] < problem.plant.rules.empty_below_m for row in rows)
    return {
        # Not the row's, which is rounded: the next plan's volume has to be this one's to the last digit.
        "level_m": max(float(level_m(problem.plant, rows[-1]["volume_m3"])), problem.plant.rules.level_min_m),
        "pumps": pumps,
        "emptied_today": bool(state.get("emptied_today", False) or empty),
    }
