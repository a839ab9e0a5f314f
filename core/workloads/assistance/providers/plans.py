"""What rules say of a pump plan: what it costs, what it saves, which pumps run when and why, what to look at."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

MOST_REASONS = 5
_STATUSES = {
    "optimal": "No plan that keeps the rules is cheaper by more than a twentieth of a percent.",
    "feasible": "It keeps the rules; a cheaper plan may exist.",
    "fallback": "It is the rule controller's plan, as no better one was found in time.",
    "infeasible": "No plan keeps all rules.",
}


def explain(plan: dict[str, Any]) -> str:
    """Say a plan in words; whatever the document lacks is left out."""
    return "\n".join(line for line in (*_cost(plan), *_pumps(plan), *_reasons(plan), *_doubts(plan)) if line)


def _cost(plan: dict[str, Any]) -> Iterator[str]:
    status = plan["status"]
    yield f"The plan of {plan.get('plant', 'the station')} is {status}. {_STATUSES.get(status, '')}".strip()
    if status == "infeasible" and plan.get("infeasible_rule"):
        yield f"The rule that cannot be kept is {plan['infeasible_rule']}."
    if plan.get("energy_cost_eur") is not None:
        yield f"Its energy costs {plan['energy_cost_eur']:.2f} EUR for {plan.get('energy_kwh', 0):.1f} kWh."
    savings, baseline = plan.get("savings") or {}, plan.get("baseline") or {}
    if savings.get("total_eur") is not None and baseline.get("adjusted_cost_eur") is not None:
        total = savings["total_eur"]
        side = "less" if total >= 0 else "more"
        yield (
            f"That is {abs(total):.2f} EUR {side} than the rule controller's {baseline['adjusted_cost_eur']:.2f} EUR, "
            "each less what the water left at the end is worth."
        )
    if plan.get("lower_bound_eur") is not None:
        yield f"No plan that keeps the rules has an objective below {plan['lower_bound_eur']:.2f} EUR."


def _pumps(plan: dict[str, Any]) -> Iterator[str]:
    """Tell of each pump from when to when it runs, by the beginnings of its first and last steps."""
    schedule = plan.get("schedule") or []
    for pump in sorted({name for step in schedule for name in step["pumps"]}):
        spans = [
            (steps[0]["time"], steps[-1]["time"])
            for runs, group in groupby(schedule, key=lambda step, pump=pump: step["pumps"].get(pump, 0) > 0)
            if runs and (steps := list(group))
        ]
        told = ", ".join(first if first == last else f"{first} to {last}" for first, last in spans)
        yield f"{pump} runs in the steps of {told}." if spans else f"{pump} rests."


def _reasons(plan: dict[str, Any]) -> Iterator[str]:
    for one in (plan.get("explanation") or [])[:MOST_REASONS]:
        verb = {"start": "starts", "stop": "stops"}.get(one["action"], one["action"])
        saved = "" if one.get("saves_eur") is None else f", which saves {one['saves_eur']:.2f} EUR"
        yield f"{one['pump']} {verb} at {one['time']}: {one['reason']}{saved}."


def _doubts(plan: dict[str, Any]) -> Iterator[str]:
    for one in plan.get("audit") or []:
        if one["violations"]:
            limit = (
                "" if one["limit"] is None else f", {one['worst']:g} {one['unit']} where {one['limit']:g} is the limit"
            )
            yield f"The rule {one['rule']} is broken {one['violations']} times{limit}."
    if plan.get("relaxed"):
        yield f"Rules that had to be dropped: {', '.join(plan['relaxed'])}."
    yield from (plan.get("warnings") or [])
