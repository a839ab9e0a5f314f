"""This file is about why each pump switches when it does: its next best time, or the rule that forces it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.pumping.dynamics import costs, feasible, holds, simulate
from core.workloads.pumping.problem import Counts, Problem, without

Row = Mapping[str, Any]

_SHIFTS = (-4, -2, -1, 1, 2, 4)
_WINDOW_H = 2.0


def explain(problem: Problem, counts: Counts, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return one entry for each switch of a named pump."""
    plan_eur = float(costs(problem, counts[None], simulate(problem, counts[None])).total[0])
    kinds = {pump.name: pump.kind for pump in problem.pumps}
    before = {pump.name: pump.was_on for pump in problem.pumps}
    orders = {pump.name: pump.order for pump in problem.pumps if pump.order}
    entries, known = [], {}
    for step, row in enumerate(rows):
        for name, hz in row["pumps"].items():
            if name not in kinds or (hz > 0) == before[name]:
                continue
            key = (step, kinds[name])
            if key not in known:
                known[key] = _reason(problem, counts, plan_eur, step, kinds[name])
            reason, saves_eur = known[key]
            if step == 0 and name in orders:
                reason, saves_eur = f"{orders[name]}.", None
            entries.append(
                {
                    "time": row["time"],
                    "pump": name,
                    "action": "start" if hz > 0 else "stop",
                    "reason": reason,
                    "saves_eur": saves_eur,
                }
            )
            before[name] = hz > 0
    return entries


def _reason(problem: Problem, counts: Counts, plan_eur: float, step: int, kind: int) -> tuple[str, float | None]:
    """Compare with the same switch at other times; the nearest dearer one says what this time saves."""
    moved = [(shift, plan) for shift in _SHIFTS if (plan := _moved(problem, counts, step, kind, shift)) is not None]
    if not moved:
        return "The plan begins with it: too few pumps were running or the hold leaves no other time.", None
    plans = np.array([plan for _, plan in moved])
    trajectory = simulate(problem, plans)
    kept = feasible(problem, plans, trajectory)
    situation = _situation(problem, counts, step)
    if not kept.any():
        return f"{situation}; at any other time within an hour it would break {_forced_by(problem, plans)}.", None
    extra = np.where(kept, costs(problem, plans, trajectory).total - plan_eur, np.inf)
    chosen = int(np.argmin(extra))
    shift, saves_eur = moved[chosen][0], float(extra[chosen])
    minutes = round(abs(shift) * problem.step_h * 60)
    when = "later" if shift > 0 else "earlier"
    return f"{situation}; {minutes} minutes {when} would cost {saves_eur:.2f} EUR more.", round(saves_eur, 4)


def _moved(problem: Problem, counts: Counts, step: int, kind: int, shift: int) -> Counts | None:
    row = counts[:, kind]
    before = row[step - 1] if step else problem.counts0[kind]
    start, stop = sorted((step, step + shift))
    if start < 0 or stop > problem.steps or (step == 0 and shift < 0):
        return None
    moved = counts.copy()
    moved[start:stop, kind] = before if shift > 0 else row[step]
    return moved


def _situation(problem: Problem, counts: Counts, step: int) -> str:
    """Describe the price around a switch and the configuration after it."""
    window = max(1, round(_WINDOW_H / problem.step_h))
    price = problem.price * 1000.0
    ahead = float(price[step : step + window].mean())
    past = float(price[max(0, step - window) : step].mean()) if step else ahead
    rank = float((price < price[step]).mean())
    words = [f"{n} {kind.name}" for n, kind in zip(counts[step], problem.plant.pump_kinds, strict=True) if n]
    moves = "rises" if ahead > past + 1.0 else "falls" if ahead < past - 1.0 else None
    trend = f"{moves} from {past:.0f} to {ahead:.0f}" if moves else f"stays about {ahead:.0f}"
    running = " + ".join(words) or "none"
    return f"Price {trend} EUR/MWh ({rank:.0%} of the horizon is cheaper), {running} on now"


def _forced_by(problem: Problem, plans: Counts) -> str:
    """Name the rule without which another time would do."""
    if not holds(problem, plans).any():
        return f"the hold of {problem.plant.rules.hold_minutes} minutes"
    trajectory = simulate(problem, plans)
    rules = problem.plant.rules
    for rule, word in (
        ("emptying", f"the emptying below {rules.empty_below_m:g} m"),
        ("smoothness", "the flow band around the day's mean inflow"),
    ):
        if feasible(without(problem, rule), plans, trajectory).any():
            return word
    if (trajectory.volume > problem.volume_max).any():
        return f"the highest level of {rules.level_max_m:g} m"
    return "one rule or another"
