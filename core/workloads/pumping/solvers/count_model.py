"""This file is about the count MILP: how many pumps of each kind run in each step, flows and powers held fixed.

Counts instead of one binary for each pump: pumps of a kind are alike, and a model that tells them apart only searches
the same plan many times (Menke, Abraham, Parpas and Stoianov, Water Resources Management 30, 2016). Flow and power of a
pump are those along a trajectory of volumes, so its answer has to be run through the nonlinear model. The hold is the
turn-on and turn-off inequalities of Rajan and Takriti (IBM RC23628).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.pumping.problem import Counts, Floats, Problem
from core.workloads.pumping.solvers.linear_model import LinearModel

_SPARE_M3 = 1.0
"""By how much the model empties deeper than asked, for the error of flows held fixed."""


@dataclass(frozen=True, slots=True)
class CountModel:
    """The program, and its columns of running pumps: shape (steps, kinds)."""

    program: LinearModel
    running: Counts


@dataclass(frozen=True, slots=True)
class _Columns:
    """Numbers of columns; shape (steps, kinds) of the first three, (steps,) of the rest."""

    running: list[list[int]]
    started: list[list[int]]
    stopped: list[list[int]]
    outflow: list[int]
    volume: list[int]
    emptied: list[int]


def build(problem: Problem, volume: Floats) -> CountModel:
    """Write the problem with flows and powers of pumps at these volumes, one at the beginning of each step."""
    flow, power = (each.T for each in problem.capacity.at(volume))
    program = LinearModel()
    columns = _add_columns(program, problem, power)
    for step in range(problem.steps):
        _add_water(program, problem, columns, step, flow[step])
        _add_switches(program, problem, columns, step)
        _add_band(program, problem, columns, step, volume[step])
        _add_change(program, problem, columns, step)
    _add_emptying(program, problem, columns)
    _add_end(program, problem, columns)
    return CountModel(program, np.array(columns.running))


def _add_columns(program: LinearModel, problem: Problem, power: Floats) -> _Columns:
    rules, h = problem.plant.rules, problem.step_h
    always = [int(kind.name == rules.always_one_of) for kind in problem.plant.pump_kinds]
    least = np.maximum(problem.locked_on, always)
    most = np.maximum(problem.fleet - problem.locked_off, least)
    eur = power * problem.price[:, None] * h
    onward = np.zeros(problem.steps) if problem.onward is None else problem.onward * h
    steps, kinds = range(problem.steps), range(len(problem.fleet))
    start_eur = problem.weights.start_eur
    return _Columns(
        running=[[program.column(least[t, k], most[t, k], whole=True, cost=eur[t, k]) for k in kinds] for t in steps],
        started=[[program.column(0.0, problem.fleet[k], cost=start_eur) for k in kinds] for _ in steps],
        stopped=[[program.column(0.0, problem.fleet[k]) for k in kinds] for _ in steps],
        outflow=[program.column(0.0, rules.outflow_max_m3_per_h, cost=onward[t]) for t in steps],
        volume=[program.column(problem.floor, problem.volume_max) for _ in steps],
        emptied=[program.column(0.0, 1.0, whole=True) for _ in steps],
    )


def _add_water(program: LinearModel, problem: Problem, columns: _Columns, step: int, flow: Floats) -> None:
    """Balance the water; pumps deliver what they can, and less only where they find no more."""
    h, outflow, volume = problem.step_h, columns.outflow[step], columns.volume[step]
    balance = {volume: 1.0, outflow: h}
    if step:
        balance[columns.volume[step - 1]] = -1.0
    known = problem.inflow[step] * h + (0.0 if step else problem.volume0)
    program.row(balance, known, known)
    capacity = {column: float(flow[kind]) for kind, column in enumerate(columns.running[step])}
    most = float(problem.fleet @ flow)
    program.row({**capacity, outflow: -1.0}, 0.0, np.inf)
    program.row({**capacity, outflow: -1.0, columns.emptied[step]: -most}, -np.inf, 0.0)
    span = problem.volume_max - problem.volume_empty + _SPARE_M3
    program.row({volume: 1.0, columns.emptied[step]: span}, -np.inf, problem.volume_empty - _SPARE_M3 + span)
    rules = problem.plant.rules
    if rules.alarm_eur_per_h:
        over = problem.volume_max - problem.volume_alarm
        above = program.column(0.0, 1.0, whole=True, cost=rules.alarm_eur_per_h * h)
        program.row({volume: 1.0, above: -over}, -np.inf, problem.volume_alarm)


def _add_switches(program: LinearModel, problem: Problem, columns: _Columns, step: int) -> None:
    """Count starts and stops; those within a hold are no more than run, and no more than rest."""
    program.row(dict.fromkeys(columns.running[step], 1.0), problem.plant.rules.pumps_min, np.inf)
    recent = range(max(0, step - problem.hold_steps + 1), step + 1)
    for kind, running in enumerate(columns.running[step]):
        change = {running: 1.0, columns.started[step][kind]: -1.0, columns.stopped[step][kind]: 1.0}
        if step:
            change[columns.running[step - 1][kind]] = -1.0
        before = 0 if step else int(problem.counts0[kind])
        program.row(change, before, before)
        held, rest = problem.locked_on[step, kind], problem.fleet[kind] - problem.locked_off[step, kind]
        program.row({**{columns.started[t][kind]: 1.0 for t in recent}, running: -1.0}, -np.inf, -held)
        program.row({**{columns.stopped[t][kind]: 1.0 for t in recent}, running: 1.0}, -np.inf, rest)


def _add_band(program: LinearModel, problem: Problem, columns: _Columns, step: int, volume: float) -> None:
    if problem.band is None:
        return
    low, high = problem.band[step]
    program.row({columns.outflow[step]: 1.0}, -np.inf, high)
    before = {columns.emptied[step - 1]: low} if step else {}
    already = low if not step and volume < problem.volume_empty else 0.0
    program.row({columns.outflow[step]: 1.0, columns.emptied[step]: low, **before}, low - already, np.inf)


def _add_change(program: LinearModel, problem: Problem, columns: _Columns, step: int) -> None:
    weight = problem.weights.smoothness_eur_per_m3_per_h
    if not weight:
        return
    change = program.column(0.0, np.inf, cost=weight)
    for sign in (1.0, -1.0):
        terms, known = {columns.outflow[step]: sign, change: -1.0}, 0.0
        if step:
            terms[columns.outflow[step - 1]] = -sign
        else:
            known = sign * problem.outflow0
        program.row(terms, -np.inf, known)


def _add_emptying(program: LinearModel, problem: Problem, columns: _Columns) -> None:
    for day in problem.days:
        if day.empty:
            emptied: Sequence[int] = columns.emptied[day.start : day.stop]
            program.row(dict.fromkeys(emptied, 1.0), 1.0, np.inf)


def _add_end(program: LinearModel, problem: Problem, columns: _Columns) -> None:
    """Charge for the water left at the end, but for a constant."""
    weights, fixed = problem.weights, problem.weights.end_volume != "value"
    price = weights.excess_eur_per_m3 if fixed else weights.water_value_eur_per_m3
    more = program.column(0.0 if fixed else -problem.volume_max, problem.volume_max, cost=price)
    program.row({columns.volume[-1]: 1.0, more: -1.0}, -np.inf, problem.volume0)
