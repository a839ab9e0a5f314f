"""What planning again costs: repair, fresh plan, override, and a thousand inflows of one plan."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
from job_costs.figures import Figure

from core.workloads.pumping import optimization, repair
from core.workloads.pumping.dynamics import simulate
from core.workloads.pumping.problem import pose
from pumping_plans import problems

Result = dict[str, Any]


def measure(*, quick: bool) -> list[Figure]:
    """Re-plan recorded days without a band, the inflow three per cent higher."""
    taken: dict[str, list[float]] = {"repair": [], "fresh": [], "override": [], "Monte Carlo": []}
    dearer, mended = [], 0
    for day in (1, 6) if quick else range(1, 11):
        for tariff in problems.TARIFFS:
            fresh = {**problems.params(day, tariff), "effort": "fresh"}
            plan, cpu_s = _timed(partial(optimization.recommend, fresh))
            taken["fresh"].append(cpu_s)
            more = {**fresh, "inflow_m3_per_h": [1.03 * value for value in fresh["inflow_m3_per_h"]]}
            problem, earlier = pose(more), plan["schedule"]
            solution, cpu_s = _timed(partial(repair.mend, problem, earlier, _ignore))
            taken["repair"].append(cpu_s)
            if solution is not None:
                mended += 1
                anew = optimization.recommend(more)
                again = optimization.recommend({**more, "effort": "repair", "previous": {"schedule": earlier}})
                dearer.append(again["objective_eur"] / anew["objective_eur"] - 1.0)
            order = {"pump": "1.2", "action": "on", "until": fresh["start"] + timedelta(hours=6)}
            _, cpu_s = _timed(partial(optimization.recommend, {**fresh, "overrides": [order]}))
            taken["override"].append(cpu_s)
            taken["Monte Carlo"].append(_monte_carlo_s(problem, plan))
    said = f"{np.median(dearer):.2%} dearer than fresh (median), {mended} of {len(taken['repair'])} mended"
    return [
        _figure("repair of a plan, inflow +3 %", taken["repair"], 0.15, said),
        _figure("fresh plan, audited and explained", taken["fresh"], 2.0),
        _figure("re-plan with an override, p95", taken["override"], 1.0),
        _figure("Monte Carlo, 1,000 inflows of a plan", taken["Monte Carlo"], 0.05),
    ]


def _figure(name: str, seconds: list[float], most_s: float, remark: str = "") -> Figure:
    p95 = float(np.quantile(seconds, 0.95))
    said = f"median {np.median(seconds):.3f} s, p95 {p95:.3f} s" + (f"; {remark}" if remark else "")
    return Figure(name, f"<= {most_s:g} s CPU", said, "-", None, p95 <= most_s)


def _monte_carlo_s(problem: Any, plan: Result) -> float:
    kinds = {kind.name: position for position, kind in enumerate(problem.plant.pump_kinds)}
    of_pump = {pump.name: kinds[pump.kind] for pump in problem.plant.pumps}
    counts = np.zeros((1000, problem.steps, len(kinds)), dtype=np.int64)
    for step, row in enumerate(plan["schedule"]):
        for name, hz in row["pumps"].items():
            counts[:, step, of_pump[name]] += hz > 0
    inflows = problem.inflow * np.random.default_rng(1).normal(1.0, 0.1, (1000, problem.steps)).clip(0.0)
    _, cpu_s = _timed(lambda: simulate(problem, counts, inflow_m3_per_h=inflows))
    return cpu_s


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    result = call()
    return result, time.process_time() - begun


def _ignore(_fraction: float, _word: str) -> None:
    """Report nowhere."""
