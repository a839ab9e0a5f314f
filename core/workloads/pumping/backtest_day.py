"""This file is about one day of a back-test: plan, let an hour happen, plan again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import receding
from core.workloads.pumping.dispatch import dispatch
from core.workloads.pumping.dynamics import costs, feasible, simulate
from core.workloads.pumping.operating import operate
from core.workloads.pumping.problem import Counts, Problem
from core.workloads.pumping.receding import Outlook
from core.workloads.pumping.recording import STEP_MINUTES
from core.workloads.pumping.repair import mend
from core.workloads.pumping.solvers.base import Pulse
from core.workloads.pumping.solvers.choice import planner
from core.workloads.pumping.solvers.rule import RuleController

Row = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """What planning took over a day."""

    fresh: int = 0
    repaired: int = 0
    fallbacks: int = 0
    relaxed: int = 0


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Operate a day by plans made again and again; in mode forecast nothing that is not yet known is looked at."""
    inflow, state = np.array(params["inflow_m3_per_h"]), dict(params["state"])
    steps = min(params["steps"], len(inflow))
    apart = params["replan_minutes"] // STEP_MINUTES
    rows: list[Row] = []
    earlier: list[Row] = []
    tally = Tally()
    for step in range(0, steps, apart):
        context.progress(step / steps, "operate", f"{step} of {steps} steps")
        outlook = _outlook(params, step)
        wanted = receding.params_for(outlook, params["plant"], state, params["weights"])
        problem = receding.pose_robust(wanted, outlook.upper)
        counts = _decide(problem, earlier, tally, lambda _fraction, _word: context.checkpoint())
        happened, state = operate(problem, counts, inflow[step : min(step + apart, steps)], state)
        rows += happened
        earlier, _ = operate(problem, counts, problem.inflow, state)
    context.progress(1.0, "done", f"{tally.fresh} plans")
    return {
        "rows": rows,
        "state": {**state, "emptied_today": False},
        "planning": {name: getattr(tally, name) for name in ("fresh", "repaired", "fallbacks", "relaxed")},
    }


def _outlook(params: Mapping[str, Any], step: int) -> Outlook:
    """Say what is believed at a step of the day; only mode perfect looks ahead of it."""
    start = params["start"] + timedelta(minutes=STEP_MINUTES * step)
    horizon = round(params["horizon_h"] * 60 / STEP_MINUTES)
    inflow, price = params["inflow_m3_per_h"], params["price_eur_per_mwh"]
    today, dry_below = inflow[:step], params["dry_below_m3_per_day"]
    if params["mode"] == "perfect":
        ahead = inflow[step : step + horizon]
        return receding.known(start, ahead, price[step : step + len(ahead)], dry_below_m3=dry_below, today=today)
    past = [*params["history_m3_per_h"], *today] or [inflow[0]]
    told = price[step : step + min(horizon, receding.published_steps(start))]
    return receding.foresee(start, past, told, horizon, dry_below_m3=dry_below, today=today)


def _decide(problem: Problem, earlier: Sequence[Row], tally: Tally, pulse: Pulse) -> Counts:
    """Return the cheaper of a fresh plan and the earlier one mended; the rule controller's when there is neither."""
    found = dispatch(problem, pulse, planner(problem, "fresh"))
    mended = mend(problem, earlier, pulse) if earlier else None
    if found is None:
        tally.fallbacks += 1
        solution = RuleController().solve(problem, pulse)
        return np.tile(problem.fleet, (problem.steps, 1)) if solution is None else solution.counts
    tally.fresh += 1
    tally.relaxed += bool(found.relaxed)
    if mended is not None and not found.relaxed and _eur(problem, mended.counts) < _eur(problem, found.solution.counts):
        tally.repaired += 1
        return mended.counts
    return found.solution.counts


def _eur(problem: Problem, counts: Counts) -> float:
    trajectory = simulate(problem, counts[None])
    return (
        float(costs(problem, counts[None], trajectory).total[0])
        if feasible(problem, counts[None], trajectory)[0]
        else np.inf
    )
