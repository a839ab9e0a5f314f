"""This file is about schedules: frequencies of named pumps run through exact physics into rows."""

from typing import Any

import numpy as np

from core.workloads.pumping.geometry import level_m
from core.workloads.pumping.hydraulics import duty_point
from core.workloads.pumping.problem import Floats, Problem

Row = dict[str, Any]


def run(problem: Problem, hz: Floats) -> list[Row]:
    """Return a row for each step; `hz` has shape (steps, usable pumps). Volumes keep every digit of the balance."""
    rows, volume = [], problem.volume0
    others = [pump.name for pump in problem.plant.pumps if pump.name not in {known.name for known in problem.pumps}]
    for step, time in enumerate(problem.times()):
        capacity, power = _station(problem, hz[step], volume)
        inflow = float(problem.inflow[step])
        reachable = max(0.0, inflow + (volume - problem.floor) / problem.step_h)
        outflow = min(capacity, reachable)
        volume = volume + (inflow - outflow) * problem.step_h
        frequencies = {pump.name: float(value) for pump, value in zip(problem.pumps, hz[step], strict=True)}
        rows.append(
            {
                "time": time.isoformat(),
                "level_m": round(float(level_m(problem.plant, volume)), 6),
                "volume_m3": volume,
                "inflow_m3_per_h": inflow,
                "outflow_m3_per_h": outflow,
                "power_kw": round(power, 6),
                "pumps": dict(sorted({**frequencies, **dict.fromkeys(others, 0.0)}.items())),
            }
        )
    return rows


def _station(problem: Problem, hz: Floats, volume: float) -> tuple[float, float]:
    level = level_m(problem.plant, volume)
    flow = power = 0.0
    for kind_index, kind in enumerate(problem.plant.pump_kinds):
        chosen = [float(v) for pump, v in zip(problem.pumps, hz, strict=True) if pump.kind == kind_index and v > 0]
        for value in sorted(set(chosen)):
            each_flow, each_power = duty_point(problem.plant, kind, level, np.float64(value))
            flow += chosen.count(value) * float(each_flow)
            power += chosen.count(value) * float(each_power)
    return flow, power
