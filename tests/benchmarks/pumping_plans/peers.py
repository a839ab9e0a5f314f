"""Other solvers on the same day-problems: the count MILP in HiGHS, SCIP and CP-SAT, and AnyTown by its optima."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from job_costs.figures import Figure

from core.workloads.pumping.dispatch import dispatch
from core.workloads.pumping.dynamics import costs, feasible, simulate
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming
from pumping_plans import problems

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
        found = dispatch(problem, lambda _fraction, _word: None, DynamicProgramming())
        assert found is not None, "a recorded day has a plan"
        own_eur, _ = _run(problem, found.solution.counts)
        for solver in SOLVERS:
            answer = _ask(peers, solver, seconds, _document(problem, found.solution.counts))
            said, met = f"{own_eur:.2f} EUR", True
            peer = answer["status"][:40]
            if answer["counts"] is not None:
                peer_eur, kept = _run(problem, np.array(answer["counts"], dtype=np.int64))
                peer += f"; {peer_eur:.2f} EUR" + ("" if kept else ", breaks a rule on the nonlinear model")
                met = own_eur <= peer_eur + 0.01 or not kept
            figures.append(
                Figure(f"day {day} {tariff} against {solver}, {seconds} s", "<= peer", said, peer, None, met)
            )
    return figures


def anytown(peers: Path, *, quick: bool) -> list[Figure]:
    """Plan AnyTown-Modified in the peers' environment, where EPANET runs every schedule whole."""
    argv = [
        str(peers),
        str(HERE / "anytown.py"),
        str(problems.DATA / "any-town.inp"),
        *map(str, [1] if quick else OPTIMA),
    ]
    lines = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()
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


def _document(problem: Problem, counts: Counts) -> dict[str, Any]:
    volumes = np.concatenate([[problem.volume0], simulate(problem, counts[None]).volume[0, :-1]])
    flow, power = problem.capacity.at(volumes)
    rules = problem.plant.rules
    return {
        "step_h": problem.step_h,
        "hold_steps": problem.hold_steps,
        "inflow": problem.inflow.tolist(),
        "price": problem.price.tolist(),
        "fleet": problem.fleet.tolist(),
        "counts0": problem.counts0.tolist(),
        "least": problem.locked_on.tolist(),
        "most": (problem.fleet - problem.locked_off).tolist(),
        "locked_on": problem.locked_on.tolist(),
        "locked_off": problem.locked_off.tolist(),
        "flow": flow.T.tolist(),
        "power": power.T.tolist(),
        "floor": problem.floor,
        "volume0": problem.volume0,
        "volume_max": problem.volume_max,
        "volume_empty": problem.volume_empty,
        "outflow_max": rules.outflow_max_m3_per_h,
        "pumps_min": rules.pumps_min,
        "start_eur": problem.weights.start_eur,
        "excess_eur_per_m3": problem.weights.excess_eur_per_m3,
        "emptied": [[day.start, day.stop] for day in problem.days if day.empty],
    }
