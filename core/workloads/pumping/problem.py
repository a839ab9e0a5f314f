"""This file is about one planning problem as arrays: what is known, what is allowed, what it costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping import geometry, hydraulics
from core.workloads.pumping.hydraulics import Capacity
from core.workloads.pumping.plant import Plant, resolve

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_LONG_AGO_MINUTES = 10_000
_DAY_PART_H = 12.0
_EXCESS_FACTOR = 2.0


@dataclass(frozen=True, slots=True)
class Day:
    """The steps of one calendar day within the horizon, and whether the basin is to be emptied on it."""

    start: int
    stop: int
    empty: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What is priced beside energy."""

    start_eur: float
    smoothness_eur_per_m3_per_h: float
    end_volume: str
    water_value_eur_per_m3: float
    excess_eur_per_m3: float


@dataclass(frozen=True, slots=True)
class PumpState:
    """A pump that may be used: its kind's index, whether it runs, for how many steps it must stay so.

    Of these an operator ordered the first `ordered_steps`; `order` tells of an order that switches the pump at once.
    """

    name: str
    kind: int
    on: bool
    locked_steps: int
    rank: float
    ordered_steps: int = 0
    order: str = ""

    @property
    def was_on(self) -> bool:
        """Tell whether it ran before an order switched it."""
        return self.on != bool(self.order)


@dataclass(frozen=True, slots=True)
class Problem:
    """A horizon of steps; flows in m3/h, prices in EUR/kWh, volumes in m3."""

    plant: Plant
    capacity: Capacity
    start: datetime
    step_h: float
    hold_steps: int
    volume0: float
    floor: float
    volume_max: float
    volume_alarm: float
    volume_empty: float
    inflow: Floats
    price: Floats
    days: tuple[Day, ...]
    band: Floats | None
    weights: Weights
    pumps: tuple[PumpState, ...]
    outflow0: float
    onward: Floats | None = None
    """What a cubic metre pumped at each step costs the station downstream, EUR."""

    @property
    def steps(self) -> int:
        """Number of steps of the horizon."""
        return len(self.inflow)

    @property
    def counts0(self) -> Counts:
        """Pumps of each kind that run at the start."""
        return self._per_kind([pump.on for pump in self.pumps])

    @property
    def fleet(self) -> Counts:
        """Pumps of each kind that may be used."""
        return self._per_kind([True] * len(self.pumps))

    @property
    def day_of_step(self) -> list[Day]:
        """Return the day that each step belongs to."""
        return [day for day in self.days for _ in range(day.start, day.stop)]

    @property
    def locked_on(self) -> Floats:
        """Running pumps of each kind that may not stop at a step, since they switched before; (steps, kinds)."""
        return self._locked(on=True)

    @property
    def locked_off(self) -> Floats:
        """Resting pumps of each kind that may not start at a step; (steps, kinds)."""
        return self._locked(on=False)

    def permitted(self, rows: Counts, step: int) -> NDArray[np.bool_]:
        """Tell which configurations leave every locked pump as it is."""
        most = self.fleet - self.locked_off[step]
        return np.asarray(((rows >= self.locked_on[step]) & (rows <= most)).all(axis=1))

    def times(self) -> list[datetime]:
        """Return the beginning of each step."""
        return [self.start + step * timedelta(hours=self.step_h) for step in range(self.steps)]

    def _locked(self, *, on: bool) -> Floats:
        locked = np.zeros((self.steps, len(self.plant.pump_kinds)))
        for pump in self.pumps:
            if pump.on == on:
                locked[: pump.locked_steps, pump.kind] += 1
        return locked

    def _per_kind(self, flags: list[bool]) -> Counts:
        kinds = len(self.plant.pump_kinds)
        chosen = [pump.kind for pump, flag in zip(self.pumps, flags, strict=True) if flag]
        return np.bincount(np.array(chosen, dtype=np.int64), minlength=kinds).astype(np.int64)


def pose(params: Mapping[str, Any]) -> Problem:
    """Turn validated params of `pumping.optimize` or `pumping.simulate` into arrays."""
    plant = resolve(params["plant"])
    step_h = params["step_minutes"] / 60.0
    capacity = hydraulics.tabulate(plant)
    inflow = np.array(params["inflow_m3_per_h"], dtype=float)
    price = np.array(params["price_eur_per_mwh"], dtype=float) / 1000.0
    rules = plant.rules
    hold_steps = max(1, -(-rules.hold_minutes // params["step_minutes"]))
    overrides = {override["pump"]: override for override in params.get("overrides") or []}
    volume0 = float(geometry.volume_m3(plant, params["state"]["level_m"]))
    pumps = tuple(
        _overridden(pump, override, params, hold_steps)
        for pump in _pump_states(plant, params["state"]["pumps"], params["step_minutes"])
        for override in [overrides.get(pump.name)]
    )
    days = _days(params, step_h)
    flow0, _ = capacity.at(volume0)
    return Problem(
        plant=plant,
        capacity=capacity,
        start=params["start"],
        step_h=step_h,
        hold_steps=hold_steps,
        volume0=volume0,
        floor=geometry.volume_m3_at_floor(plant),
        volume_max=float(geometry.volume_m3(plant, rules.level_max_m)),
        volume_alarm=float(geometry.volume_m3(plant, rules.alarm_m)),
        volume_empty=float(geometry.volume_m3(plant, rules.empty_below_m)),
        inflow=inflow,
        price=price,
        days=days,
        band=_band(params["weights"]["flow_band"], inflow, days, step_h),
        weights=_weights(plant, params["weights"], price),
        pumps=pumps,
        outflow0=float(sum(flow0[pump.kind] for pump in pumps if pump.on)),
    )


def without(problem: Problem, rule: str) -> Problem:
    """Return the problem with one soft rule dropped: emptying, smoothness or hold."""
    if rule == "emptying":
        return replace(problem, days=tuple(replace(day, empty=False) for day in problem.days))
    if rule == "smoothness":
        return replace(problem, band=None)
    return replace(
        problem, hold_steps=1, pumps=tuple(replace(pump, locked_steps=pump.ordered_steps) for pump in problem.pumps)
    )


def _pump_states(plant: Plant, state: Mapping[str, Any], step_minutes: int) -> tuple[PumpState, ...]:
    index = {kind.name: position for position, kind in enumerate(plant.pump_kinds)}
    result = []
    for pump in plant.pumps:
        known = state.get(pump.name, {})
        if not known.get("available", True):
            continue
        since = min(known.get("minutes_since_switch", _LONG_AGO_MINUTES), _LONG_AGO_MINUTES)
        locked = max(0, -(-int(np.ceil(plant.rules.hold_minutes - since)) // step_minutes))
        result.append(
            PumpState(pump.name, index[pump.kind], bool(known.get("on", False)), locked, pump.measured_kwh_per_m3)
        )
    return tuple(result)


def _overridden(
    pump: PumpState, override: Mapping[str, Any] | None, params: Mapping[str, Any], hold_steps: int
) -> PumpState:
    """Let an override begin with the horizon: the pump is as ordered and locked so until the order ends.

    A pump switched by it is held from then on, but for one out of service: it may be used when it is back.
    """
    if override is None or override["until"] <= params["start"]:
        return pump
    ordered = math.ceil((override["until"] - params["start"]) / timedelta(minutes=params["step_minutes"]))
    on = override["action"] == "on"
    anew = 0 if override["action"] == "out" else hold_steps
    held = pump.locked_steps if on == pump.on else anew
    return replace(
        pump,
        on=on,
        locked_steps=max(ordered, held),
        ordered_steps=ordered,
        order=_told(override) if on != pump.on else "",
    )


def _told(override: Mapping[str, Any]) -> str:
    who, why = override.get("who") or "an operator", override.get("why")
    return f"Ordered {override['action']} until {override['until']:%d %b %H:%M} by {who}" + (f": {why}" if why else "")


def _days(params: Mapping[str, Any], step_h: float) -> tuple[Day, ...]:
    """Split the horizon at midnights; a dry day asks for an emptying when half a day of it lies ahead."""
    times = [params["start"] + step * timedelta(hours=step_h) for step in range(len(params["inflow_m3_per_h"]))]
    edges = [0, *[i for i in range(1, len(times)) if times[i].date() != times[i - 1].date()], len(times)]
    days = []
    for start, stop in pairwise(edges):
        done = start == 0 and params["state"].get("emptied_today", False)
        dry = all((params["dry"] or [False] * len(times))[start:stop]) and (stop - start) * step_h >= _DAY_PART_H
        days.append(Day(start, stop, empty=dry and not done))
    return tuple(days)


def _band(ratio: float | None, inflow: Floats, days: tuple[Day, ...], step_h: float) -> Floats | None:
    """Limits of the outflow at each step: the day's mean inflow divided and multiplied by the ratio."""
    if ratio is None:
        return None
    band = np.empty((len(inflow), 2))
    for day in days:
        whole = (day.stop - day.start) * step_h >= _DAY_PART_H
        mean = float(np.mean(inflow[day.start : day.stop] if whole else inflow))
        band[day.start : day.stop] = mean / ratio, mean * ratio
    return band


def _weights(plant: Plant, weights: Mapping[str, Any], price: Floats) -> Weights:
    """Value stored water at what lifting it costs at the mean price; water beyond a fixed end at a deterrent."""
    lift_kwh = hydraulics.specific_energy_kwh_per_m3(plant, plant.normal_level_m)
    dearest = max(float(np.max(price)), float(np.mean(np.abs(price))), 0.01)
    return Weights(
        start_eur=weights["start_eur"],
        smoothness_eur_per_m3_per_h=weights["smoothness_eur_per_m3_per_h"],
        end_volume=weights["end_volume"],
        water_value_eur_per_m3=max(0.0, float(np.mean(price))) * lift_kwh,
        excess_eur_per_m3=_EXCESS_FACTOR * dearest * lift_kwh,
    )
