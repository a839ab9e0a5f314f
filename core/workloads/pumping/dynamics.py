"""This file is about how the basin fills and empties under given numbers of running pumps, and what that costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.workloads.pumping.problem import Counts, Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

VOLUME_TOLERANCE_M3 = 1e-6


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Volumes at the end of each step, flow delivered and power during it; shape (plans, steps)."""

    volume: Floats
    outflow: Floats
    capacity: Floats
    power: Floats


@dataclass(frozen=True, slots=True)
class Costs:
    """The parts of the objective in EUR; shape (plans,)."""

    energy: Floats
    starts: Floats
    smoothness: Floats
    end_volume: Floats
    alarm: Floats
    onward: Floats

    @property
    def total(self) -> Floats:
        """What the planner minimizes."""
        return np.asarray(self.energy + self.starts + self.smoothness + self.end_volume + self.alarm + self.onward)


def simulate(problem: Problem, counts: Counts, *, inflow_m3_per_h: Floats | None = None) -> Trajectory:
    """Step through the horizon for many plans at once; counts of shape (plans, steps, kinds).

    Each may have an inflow of its own, shape (plans, steps). Flow and power are those of the level at a step's
    beginning. Pumps that find no more water than the sump's take what flows in, at full power. The balance
    volume' = volume + (inflow - outflow) step_h holds to rounding.
    """
    plans, steps, _ = counts.shape
    volume, outflow, capacity, power = (np.empty((plans, steps)) for _ in range(4))
    now = np.full(plans, problem.volume0)
    inflows = np.broadcast_to(problem.inflow if inflow_m3_per_h is None else inflow_m3_per_h, (plans, steps))
    for step in range(steps):
        flow_each, power_each = problem.capacity.at(now)
        running = counts[:, step].T
        capacity[:, step] = np.sum(running * flow_each, axis=0)
        power[:, step] = np.sum(running * power_each, axis=0)
        inflow = inflows[:, step]
        reachable = inflow + (now - problem.floor) / problem.step_h
        outflow[:, step] = np.minimum(capacity[:, step], np.maximum(reachable, 0.0))
        now = now + (inflow - outflow[:, step]) * problem.step_h
        volume[:, step] = now
    return Trajectory(volume, outflow, capacity, power)


def costs(problem: Problem, counts: Counts, trajectory: Trajectory) -> Costs:
    """Price plans of shape (plans, steps, kinds)."""
    weights = problem.weights
    before = np.concatenate([np.broadcast_to(problem.counts0, (len(counts), 1, counts.shape[2])), counts], axis=1)
    starts = np.maximum(np.diff(before, axis=1), 0).sum(axis=(1, 2))
    end = trajectory.volume[:, -1]
    return Costs(
        energy=trajectory.power @ problem.price * problem.step_h,
        starts=weights.start_eur * starts,
        smoothness=weights.smoothness_eur_per_m3_per_h * flow_changes(problem, trajectory).sum(axis=1),
        end_volume=end_charge(problem, end),
        alarm=problem.plant.rules.alarm_eur_per_h
        * problem.step_h
        * (trajectory.volume > problem.volume_alarm + VOLUME_TOLERANCE_M3).sum(axis=1),
        onward=np.zeros(len(counts))
        if problem.onward is None
        else trajectory.outflow @ problem.onward * problem.step_h,
    )


def end_charge(problem: Problem, end_m3: Floats) -> Floats:
    """Charge in EUR for the water left at the end: against the start's by value, or a deterrent on any excess."""
    more = end_m3 - problem.volume0
    if problem.weights.end_volume == "value":
        return np.asarray(problem.weights.water_value_eur_per_m3 * more)
    return np.asarray(problem.weights.excess_eur_per_m3 * np.maximum(more, 0.0))


def flow_changes(problem: Problem, trajectory: Trajectory) -> Floats:
    """Absolute change of the outflow from step to step, the first against the flow at the start."""
    before = np.concatenate([np.full((len(trajectory.outflow), 1), problem.outflow0), trajectory.outflow], axis=1)
    return np.asarray(np.abs(np.diff(before, axis=1)))


def feasible(problem: Problem, counts: Counts, trajectory: Trajectory) -> Flags:
    """Tell which plans keep every rule of the problem; the planner's view, the audit has its own."""
    rules, volume = problem.plant.rules, trajectory.volume
    kept = (volume <= problem.volume_max + VOLUME_TOLERANCE_M3).all(axis=1)
    kept &= (trajectory.outflow <= rules.outflow_max_m3_per_h).all(axis=1)
    kept &= (counts.sum(axis=2) >= rules.pumps_min).all(axis=1)
    kept &= ((counts >= 0) & (counts <= problem.fleet)).all(axis=(1, 2))
    if rules.always_one_of:
        kind = [entry.name for entry in problem.plant.pump_kinds].index(rules.always_one_of)
        kept &= (counts[:, :, kind] >= 1).all(axis=1)
    if problem.band is not None:
        kept &= _within_band(problem, problem.band, trajectory).all(axis=1)
    for day in problem.days:
        if day.empty:
            kept &= (volume[:, day.start : day.stop] < problem.volume_empty).any(axis=1)
    return np.asarray(kept & holds(problem, counts))


def holds(problem: Problem, counts: Counts) -> Flags:
    """Tell which plans can be run so that no pump switches twice within the hold.

    For pumps of one kind that is so exactly when those started within the hold, or locked since before the start, are
    no more than run, and those stopped or locked likewise no more than rest.
    """
    hold = problem.hold_steps
    change = np.diff(counts, axis=1, prepend=np.broadcast_to(problem.counts0, (len(counts), 1, counts.shape[2])))
    kept = np.ones(len(counts), dtype=bool)
    for sign, locked, room in (
        (1, problem.locked_on, counts),
        (-1, problem.locked_off, problem.fleet - counts),
    ):
        switched = np.cumsum(np.maximum(sign * change, 0), axis=1)
        recent = switched.copy()
        recent[:, hold:] -= switched[:, :-hold]
        kept &= (recent + locked <= room).all(axis=(1, 2))
    return kept


def _within_band(problem: Problem, band: Floats, trajectory: Trajectory) -> Flags:
    """Compare the outflow with the band; while the basin is emptied there is no water to keep it up."""
    empty = trajectory.volume < problem.volume_empty
    before = np.concatenate([np.full((len(empty), 1), problem.volume0 < problem.volume_empty), empty[:, :-1]], axis=1)
    inside = (trajectory.outflow >= band[:, 0]) & (trajectory.outflow <= band[:, 1])
    return np.asarray(inside | ((empty | before) & (trajectory.outflow <= band[:, 1])))
