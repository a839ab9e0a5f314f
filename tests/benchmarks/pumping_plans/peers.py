"""Other solvers on the same day-problems: the count MILP in HiGHS, SCIP and CP-SAT, and AnyTown by its optima."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
from job_costs.figures import Figure

from core.workloads.pumping import configurations
from core.workloads.pumping.dynamics import costs, feasible, simulate
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.solvers import count_milp, count_model
from core.workloads.pumping.solvers.base import Solver
from core.workloads.pumping.solvers.choice import planner
from core.workloads.pumping.solvers.count_milp import CountMilp
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming
from core.workloads.pumping.solvers.linear_model import LinearModel
from pumping_plans import many_kinds, problems

HERE = Path(__file__).parent
SOLVERS = ("CP-SAT", "SCIP", "HiGHS")
OPTIMA = {1: 3900.25, 2: 3606.83, 3: 3575.54}


def measure(peers: Path, *, quick: bool) -> list[Figure]:
    """Give each peer sixty seconds a problem, and the capacities along our own plan, which is more than fair."""
    seconds = 10 if quick else 60
    figures = []
    chosen: tuple[tuple[int, problems.Tariff], ...] = ((1, "normal"), (6, "high"))
    for day, tariff in chosen:
        problem = problems.problem(day, tariff)
        own_eur, counts, cpu_s = _planned(problem, DynamicProgramming())
        said = f"{own_eur:.2f} EUR in {cpu_s:.1f} s CPU"
        own_milp_eur, _, milp_cpu_s = _planned(problem, CountMilp())
        milp = f"{own_milp_eur:.2f} EUR in {milp_cpu_s:.1f} s CPU"
        figures.append(Figure(f"day {day} {tariff}, both planners", "-", said, f"count MILP: {milp}"))
        model = count_model.build(problem, count_milp.volumes(problem, counts))
        for solver in SOLVERS:
            answer = _ask(peers, solver, seconds, _document(model.program))
            met, peer = True, answer["status"][:40]
            if answer["values"] is not None:
                answered = np.rint(np.array(answer["values"])[model.running]).astype(np.int64)
                peer_eur, kept = _run(problem, answered)
                peer += f"; {peer_eur:.2f} EUR" + ("" if kept else ", breaks a rule on the nonlinear model")
                met = own_eur <= peer_eur + 0.01 or not kept
            figures.append(
                Figure(f"day {day} {tariff} against {solver}, {seconds} s", "<= peer", said, peer, None, met)
            )
    return [*figures, *_many_kinds()]


def _many_kinds() -> list[Figure]:
    """Plan stations of more and more kinds of pumps by both planners: which is quicker is why one is chosen."""
    figures = []
    for kinds in (1, 3, 4, 5):
        problem = many_kinds.problem(kinds)
        chosen = planner(problem, "full").name
        figures.append(_compared(f"{kinds} kinds of two pumps each", problem, chosen))
    return figures


def _compared(name: str, problem: Problem, chosen: str) -> Figure:
    own_eur, _, cpu_s = _planned(problem, DynamicProgramming())
    milp_eur, _, milp_cpu_s = _planned(problem, CountMilp())
    configurations_number = len(configurations.allowed(problem))
    return Figure(
        f"{name}, {configurations_number} configurations: {chosen} chosen",
        "-",
        f"dynamic programming {own_eur:.2f} EUR in {cpu_s:.1f} s CPU",
        f"count MILP {milp_eur:.2f} EUR in {milp_cpu_s:.1f} s CPU",
    )


def _planned(problem: Problem, solver: Solver) -> tuple[float, Counts, float]:
    begun = time.process_time()
    found = solver.solve(problem, lambda _fraction, _word: None)
    assert found is not None, "these problems have a plan"
    taken = time.process_time() - begun
    return _run(problem, found.counts)[0], found.counts, taken


def anytown(peers: Path, *, quick: bool) -> list[Figure]:
    """Plan AnyTown-Modified in the peers' environment, where EPANET runs every schedule whole."""
    argv = [
        str(peers),
        "-m",
        "pumping_plans.anytown",
        str(problems.DATA / "any-town.inp"),
        *map(str, [1] if quick else OPTIMA),
    ]
    lines = subprocess.run(argv, cwd=HERE.parent, capture_output=True, text=True, check=True).stdout.splitlines()
    figures = []
    for line in lines:
        found = json.loads(line)
        optimum = OPTIMA[found["starts"]]
        excess = found["cost"] / optimum - 1.0
        said = f"{found['cost']:.2f} ({excess:+.2%}) in {found['cpu_s']:.1f} s"
        met = abs(excess) <= 0.0005 and found["cpu_s"] <= 15.0
        name = f"AnyTown-Modified, {found['starts']} starts a pump"
        figures.append(Figure(name, "<= +0.05 %, 15 s CPU", said, f"optimum {optimum}", None, met))
    return figures


def _run(problem: Problem, counts: Counts) -> tuple[float, bool]:
    trajectory = simulate(problem, counts[None])
    kept = bool(feasible(problem, counts[None], trajectory)[0])
    return float(costs(problem, counts[None], trajectory).total[0]), kept


def _ask(peers: Path, solver: str, seconds: int, document: dict[str, Any]) -> dict[str, Any]:
    argv = [str(peers), str(HERE / "peer_milp.py"), solver, str(seconds)]
    text = subprocess.run(argv, input=json.dumps(document), capture_output=True, text=True, check=True).stdout
    answer: dict[str, Any] = json.loads(text.splitlines()[-1])
    return answer


def _document(program: LinearModel) -> dict[str, Any]:
    def limit(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    return {
        "columns": [[limit(one.low), limit(one.high), bool(one.whole), float(one.cost)] for one in program.columns],
        "rows": [
            [[[column, float(value)] for column, value in row.terms.items()], limit(row.low), limit(row.high)]
            for row in program.rows
        ],
    }
