"""How good plans are, by proof: gaps of the day-problems, of three days at once, and of two tanks in series."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from job_costs.figures import Figure

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.pumping import kinds, optimization, scenario
from core.workloads.pumping.dispatch import dispatch
from core.workloads.pumping.dynamics import costs, simulate
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.proof import refine_bound
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming
from pumping_plans import problems


@dataclass(frozen=True, slots=True)
class Proven:
    """One problem's gap, and the processor seconds of plan and bound together."""

    gap: float
    cpu_s: float
    relaxed: tuple[str, ...]


def prove(problem: Problem) -> Proven:
    """Plan and bound one problem."""
    begun = time.process_time()
    found = dispatch(problem, _ignore, DynamicProgramming())
    assert found is not None, "a recorded day has a plan"
    bound = refine_bound(found, _ignore, lambda: False)
    counts = found.solution.counts[None]
    eur = float(costs(found.problem, counts, simulate(found.problem, counts)).total[0])
    return Proven((eur - bound.eur) / abs(eur), time.process_time() - begun, found.relaxed)


def measure(*, quick: bool) -> list[Figure]:
    """Prove the twenty day-problems without a band and with it, three days at once, and two tanks."""
    figures = []
    for label, band in (("no flow band", None), ("flow band 1.6", 1.6)):
        days = {"days 1-5": problems.TUNED, "days 6-10, untouched by tuning": problems.HELD_OUT}
        every = []
        for group, numbers in days.items():
            chosen = list(numbers)[:1] if quick else numbers
            proven = [prove(problems.problem(day, tariff, band)) for day in chosen for tariff in problems.TARIFFS]
            figures.append(_told(f"certified gap, 24 h, {label}, {group}", proven))
            every += proven
        figures.append(_told(f"certified gap, 24 h, {label}, all", every))
    firsts = (1,) if quick else (1, 4, 7)
    three = [prove(problems.problem(day, tariff, days=3)) for day in firsts for tariff in problems.TARIFFS]
    gap, cpu = max(one.gap for one in three), max(one.cpu_s for one in three)
    target = "gap <= 1 %, <= 45 s CPU"
    figures.append(
        Figure(
            "72 h of 288 steps", target, f"{gap:.2%} at most, {cpu:.0f} s", "0.3-1.4 %", None, gap <= 0.01 and cpu <= 45
        )
    )
    return [*figures, _two_tanks()]


def _told(name: str, proven: Sequence[Proven]) -> Figure:
    gaps, cpu = np.array([one.gap for one in proven]), np.array([one.cpu_s for one in proven])
    near = float((gaps < 0.005).mean())
    met = bool(np.median(gaps) <= 0.002 and near >= 0.9 and gaps.max() <= 0.015 and cpu.max() <= 15.0)
    return Figure(
        name,
        "median <= 0.2 %, < 0.5 % on 90 %, max 1.5 %, 15 s CPU",
        f"{np.median(gaps):.3%}, {near:.0%}, {gaps.max():.2%}, {cpu.max():.1f} s ({len(gaps)} problems)",
        "0.26 %, 72 %, 3.5 %, 5-30 s",
        None,
        met,
    )


def _two_tanks() -> Figure:
    raw = scenario.params(scenario.EPOCH, 96, 1)
    raw |= {
        "plant": "two_tanks",
        "inflow_m3_per_h": [value / 10.0 for value in raw["inflow_m3_per_h"]],
        "dry": None,
        "weights": {"start_eur": 0.5, "flow_band": None},
        "state": {"level_m": 2.0, "downstream_levels_m": [2.5], "pumps": {"L1": {"on": True}, "B1": {"on": True}}},
    }
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    begun = time.process_time()
    result = optimization.compute(loaded, JobContext(UUID(int=1), 1, 1, MemoryRecorder()))
    saved = 1.0 - result["kpis"]["adjusted_cost_eur"] / result["baseline"]["adjusted_cost_eur"]
    said = f"gap {result['gap']:.1%}, {saved:.1%} below the rule controller, {time.process_time() - begun:.1f} s"
    return Figure("two tanks in series, 24 h", "-", said)


def _ignore(_fraction: float, _word: str) -> None:
    """Report nowhere."""
