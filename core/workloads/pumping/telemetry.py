"""This file is about measurements made usable: inflow by balance, a level carried on while its sensor is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from core.workloads.pumping.geometry import level_m, volume_m3, volume_m3_at_floor
from core.workloads.pumping.hydraulics import Capacity
from core.workloads.pumping.plant import Plant
from core.workloads.pumping.problem import Floats
from core.workloads.pumping.recording import STEP_MINUTES
from core.workloads.pumping.units import Gappy

_STEP_H = STEP_MINUTES / 60.0
_STUCK_STEPS = 8
_STUCK_IMBALANCE_M3 = 200.0


@dataclass(frozen=True, slots=True)
class Level:
    """The level at the start: measured just now, or carried on over so many steps."""

    level_m: float
    silent_steps: int


def inflow_history(plant: Plant, telemetry: Mapping[str, Any]) -> list[float | None]:
    """Return the measured inflow, and where it was not measured what level and outflow say of it; None else."""
    volumes = [None if level is None else float(volume_m3(plant, level)) for level in telemetry["level_m"]]
    result: list[float | None] = []
    before: float | None = None
    for volume, measured, outflow in zip(
        volumes, telemetry["inflow_m3_per_h"], telemetry["outflow_m3_per_h"], strict=True
    ):
        value = measured
        if value is None and volume is not None and before is not None and outflow is not None:
            value = max(0.0, outflow + (volume - before) / _STEP_H)
        result.append(value)
        before = volume
    return result


def silent_steps(levels: Gappy) -> int:
    """Count the steps since the last measured level; all of them when there is none."""
    return next((back for back, value in enumerate(reversed(levels)) if value is not None), len(levels))


def stuck(plant: Plant, telemetry: Mapping[str, Any]) -> bool:
    """Tell whether the level has not moved for two hours though by the flows it must have."""
    levels = telemetry["level_m"][-_STUCK_STEPS:]
    if len(levels) < _STUCK_STEPS or None in levels or len(set(levels)) > 1:
        return False
    flows = zip(
        telemetry["inflow_m3_per_h"][-_STUCK_STEPS:], telemetry["outflow_m3_per_h"][-_STUCK_STEPS:], strict=True
    )
    known = [(came, went) for came, went in flows if came is not None and went is not None]
    moved = abs(sum(came - went for came, went in known)) * _STEP_H
    above_sump = levels[-1] > plant.rules.empty_below_m
    return above_sump and len(known) == _STUCK_STEPS and moved > _STUCK_IMBALANCE_M3


def carry_on(
    plant: Plant,
    capacity: Capacity,
    last_m: float,
    inflow: Floats,
    start: datetime,
    earlier: Sequence[Mapping[str, Any]],
) -> float:
    """Return the level now: the last one measured, then the inflow expected and the pumps as planned since.

    `inflow` covers the silent steps up to `start`; without a plan for a step the outflow is taken to equal the inflow.
    """
    kinds = {
        pump.name: position
        for pump in plant.pumps
        for position, kind in enumerate(plant.pump_kinds)
        if pump.kind == kind.name
    }
    rows = {_plain(datetime.fromisoformat(row["time"])): row["pumps"] for row in earlier}
    volume, floor = float(volume_m3(plant, last_m)), volume_m3_at_floor(plant)
    for step, flow in enumerate(inflow):
        time = start - timedelta(minutes=STEP_MINUTES * (len(inflow) - step))
        pumps = rows.get(_plain(time))
        if pumps is None:
            continue
        running = np.bincount([kinds[name] for name, hz in pumps.items() if hz > 0], minlength=len(plant.pump_kinds))
        outflow = min(float(running @ capacity.at(volume)[0]), flow + (volume - floor) / _STEP_H)
        volume = max(floor, volume + (flow - outflow) * _STEP_H)
    return float(level_m(plant, volume))


def _plain(time: datetime) -> datetime:
    return time.replace(tzinfo=None)
