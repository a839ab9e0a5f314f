"""The count MILP in three peers: HiGHS, SCIP and CP-SAT. Run by the peers' interpreter.

`peer_milp.py SOLVER SECONDS < problem.json` prints {status, objective_eur, counts}. Flows and powers are those along a
trajectory that the problem brings; who reads the answer runs its counts through the nonlinear model.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(slots=True)
class Model:
    """Columns (name, low, high, whole, cost) and rows (terms, low, high)."""

    columns: list[tuple[float, float, bool, float]] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, low: float, high: float, *, whole: bool, cost: float = 0.0) -> int:
        """Add a variable and return its number."""
        self.columns.append((low, high, whole, cost))
        return len(self.columns) - 1

    def row(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add low <= terms <= high."""
        self.rows.append((terms, low, high))


def build(problem: dict[str, Any]) -> tuple[Model, list[list[int]]]:
    """Return the model and the columns of running pumps, (steps, kinds)."""
    model, h = Model(), problem["step_h"]
    steps, kinds = len(problem["inflow"]), len(problem["fleet"])
    cost = [[power * problem["price"][t] * h for power in problem["power"][t]] for t in range(steps)]
    least, most = problem["least"], problem["most"]
    n = [
        [model.column(least[t][k], most[t][k], whole=True, cost=cost[t][k]) for k in range(kinds)] for t in range(steps)
    ]
    up, down = (
        [[model.column(0, problem["fleet"][k], whole=False, cost=eur) for k in range(kinds)] for _ in range(steps)]
        for eur in (problem["start_eur"], 0.0)
    )
    volume = [model.column(problem["floor"], problem["volume_max"], whole=False) for _ in range(steps)]
    excess = model.column(0, problem["volume_max"], whole=False, cost=problem["excess_eur_per_m3"])
    for t in range(steps):
        flow = {n[t][k]: problem["flow"][t][k] for k in range(kinds)}
        balance = {volume[t]: 1.0, **{column: h * value for column, value in flow.items()}}
        if t:
            balance[volume[t - 1]] = -1.0
        known = problem["inflow"][t] * h + (0.0 if t else problem["volume0"])
        model.row(balance, known, known)
        model.row(flow, 0.0, problem["outflow_max"])
        model.row({n[t][k]: 1.0 for k in range(kinds)}, problem["pumps_min"], sum(problem["fleet"]))
        for k in range(kinds):
            change = {n[t][k]: 1.0, up[t][k]: -1.0, down[t][k]: 1.0}
            if t:
                change[n[t - 1][k]] = -1.0
            before = 0 if t else problem["counts0"][k]
            model.row(change, before, before)
            _add_hold(model, problem, (t, k), n, (up, down))
    model.row({volume[-1]: 1.0, excess: -1.0}, -np.inf, problem["volume0"])
    for start, stop in problem["emptied"]:
        _add_emptying(model, problem, volume[start:stop])
    return model, n


def _add_hold(
    model: Model,
    problem: dict[str, Any],
    at: tuple[int, int],
    n: list[list[int]],
    switched: tuple[list[list[int]], ...],
) -> None:
    """Keep those started within the hold below those that run, and those stopped below those that rest."""
    t, k = at
    recent = range(max(0, t - problem["hold_steps"] + 1), t + 1)
    up, down = switched
    on, off = problem["locked_on"][t][k], problem["locked_off"][t][k]
    model.row({**{up[s][k]: 1.0 for s in recent}, n[t][k]: -1.0}, -np.inf, -on)
    model.row({**{down[s][k]: 1.0 for s in recent}, n[t][k]: 1.0}, -np.inf, problem["fleet"][k] - off)


def _add_emptying(model: Model, problem: dict[str, Any], volume: list[int]) -> None:
    """Have one of the volumes below what counts as emptied, a cubic metre to spare for the capacities' error."""
    span = problem["volume_max"]
    empty = [model.column(0, 1, whole=True) for _ in volume]
    for one, column in zip(volume, empty, strict=True):
        model.row({one: 1.0, column: span}, -np.inf, problem["volume_empty"] - 1.0 + span)
    model.row(dict.fromkeys(empty, 1.0), 1, len(empty))


def highs(model: Model, seconds: float) -> tuple[str, list[float] | None]:
    """Solve by HiGHS as scipy brings it."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - two peers must not share a process
    from scipy.sparse import coo_array  # noqa: PLC0415 - two peers must not share a process

    where = [(r, c, v) for r, (terms, _, _) in enumerate(model.rows) for c, v in terms.items()]
    r, c, v = zip(*where, strict=True)
    matrix = coo_array((v, (r, c)), shape=(len(model.rows), len(model.columns))).tocsr()
    low, high, whole, cost = (np.array(column, dtype=float) for column in zip(*model.columns, strict=True))
    limits = LinearConstraint(matrix, [row[1] for row in model.rows], [row[2] for row in model.rows])
    found = milp(cost, integrality=whole, bounds=Bounds(low, high), constraints=limits, options={"time_limit": seconds})
    return str(found.message), None if found.x is None else list(found.x)


def scip(model: Model, seconds: float) -> tuple[str, list[float] | None]:
    """Solve by SCIP."""
    from pyscipopt import Model as Scip  # noqa: PLC0415 - two peers must not share a process
    from pyscipopt import quicksum  # noqa: PLC0415 - two peers must not share a process

    solver = Scip()
    solver.hideOutput()
    solver.setParam("limits/time", seconds)
    x = [solver.addVar(lb=lo, ub=hi, vtype="I" if whole else "C", obj=cost) for lo, hi, whole, cost in model.columns]
    for terms, low, high in model.rows:
        total = quicksum(value * x[column] for column, value in terms.items())
        if low == high:
            solver.addCons(total == low)
            continue
        if np.isfinite(low):
            solver.addCons(total >= low)
        solver.addCons(total <= high)
    solver.optimize()
    found = solver.getBestSol() if solver.getNSols() else None
    return solver.getStatus(), None if found is None else [solver.getSolVal(found, one) for one in x]


def cpsat(model: Model, seconds: float) -> tuple[str, list[float] | None]:
    """Solve by CP-SAT, volumes in whole m3 and money in thousandths of a cent."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - two peers must not share a process

    solver, cp = cp_model.CpSolver(), cp_model.CpModel()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    x = [cp.new_int_var(int(np.ceil(lo)), int(hi), "") for lo, hi, _, _ in model.columns]
    for terms, low, high in model.rows:
        total = sum(round(value) * x[column] for column, value in terms.items())
        if low == high and abs(low) > 1:
            # Rounded coefficients of a balance leave a metre or two.
            cp.add_linear_constraint(total, round(low) - 2, round(low) + 2)
        else:
            least = int(low) if np.isfinite(low) else -(10**9)
            cp.add_linear_constraint(total, least, int(high))
    cp.minimize(sum(round(1e5 * cost) * x[i] for i, (_, _, _, cost) in enumerate(model.columns) if cost))
    status = solver.solve(cp)
    known = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return solver.status_name(status), [float(solver.value(one)) for one in x] if known else None


SOLVERS: dict[str, Callable[[Model, float], tuple[str, list[float] | None]]] = {
    "HiGHS": highs,
    "SCIP": scip,
    "CP-SAT": cpsat,
}


def main() -> None:
    """Solve the problem on standard input by the named peer."""
    model, n = build(json.load(sys.stdin))
    status, values = SOLVERS[sys.argv[1]](model, float(sys.argv[2]))
    counts = None if values is None else [[round(values[column]) for column in row] for row in n]
    objective = None
    if values is not None:
        objective = sum(value * cost for value, (_, _, _, cost) in zip(values, model.columns, strict=True))
    print(json.dumps({"status": status, "objective_eur": objective, "counts": counts}))  # noqa: T201 - the answer of a program


if __name__ == "__main__":
    main()
