"""A mixed-integer linear program in three peers: HiGHS, SCIP and CP-SAT. Run by the peers' interpreter.

`peer_milp.py SOLVER SECONDS < program.json` reads {columns: [[low, high, whole, cost]], rows: [[terms, low, high]]},
terms being [[column, factor]] and null infinity, and prints {status, values}.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_SCALE, _MOST = 100, 10**9
"""What CP-SAT takes for infinity."""


@dataclass(frozen=True, slots=True)
class Model:
    """Columns (low, high, whole, cost) and rows (terms, low, high)."""

    columns: list[tuple[float, float, bool, float]]
    rows: list[tuple[dict[int, float], float, float]]


def read(document: dict[str, Any]) -> Model:
    """Return the program of a document."""

    def limits(low: float | None, high: float | None) -> tuple[float, float]:
        return -np.inf if low is None else low, np.inf if high is None else high

    columns = [(*limits(low, high), whole, cost) for low, high, whole, cost in document["columns"]]
    return Model(columns, [(dict(terms), *limits(low, high)) for terms, low, high in document["rows"]])


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
        if np.isfinite(high):
            solver.addCons(total <= high)
    solver.optimize()
    found = solver.getBestSol() if solver.getNSols() else None
    return solver.getStatus(), None if found is None else [solver.getSolVal(found, one) for one in x]


def cpsat(model: Model, seconds: float) -> tuple[str, list[float] | None]:
    """Solve by CP-SAT: whole m3 and m3/h, factors in hundredths, money in thousandths of a cent.

    A row with broken factors is loosened by two, since whole numbers cannot meet it exactly.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - two peers must not share a process

    solver, cp = cp_model.CpSolver(), cp_model.CpModel()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    x = [cp.new_int_var(int(np.ceil(max(lo, -_MOST))), int(min(hi, _MOST)), "") for lo, hi, _, _ in model.columns]
    for terms, low, high in model.rows:
        total = sum(round(_SCALE * value) * x[column] for column, value in terms.items())
        loose = 2.0 if any(value != round(value) for value in terms.values()) else 0.0
        least, most = (int(np.clip(_SCALE * limit, -_MOST, _MOST)) for limit in (low - loose, high + loose))
        cp.add_linear_constraint(total, least, most)
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
    """Solve the program on standard input by the named peer."""
    status, values = SOLVERS[sys.argv[1]](read(json.load(sys.stdin)), float(sys.argv[2]))
    print(json.dumps({"status": status, "values": values}))  # noqa: T201 - the answer of a program


if __name__ == "__main__":
    main()
