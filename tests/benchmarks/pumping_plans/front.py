"""The front of cost and smoothness over the recorded days, against what the operators did and the rule controller."""

from typing import Any

import numpy as np
from job_costs.figures import Figure

from core.workloads.pumping import optimization
from pumping_plans import problems

Totals = dict[str, float]
SETTINGS: dict[str, tuple[float | None, float, str]] = {
    "no weight": (None, 0.0, "-36 % / -18 %"),
    "change weight 0.016 (normal), 0.064 (high)": (None, 0.016, "-25.5 % / -10.7 %"),
    "band 2.0": (2.0, 0.0, "-16 % / -8.3 %"),
    "band 1.6": (1.6, 0.0, "-10.3 % / -4.9 %"),
    "band 1.4": (1.4, 0.0, "-5.2 % / -1.6 %"),
    "band 1.25": (1.25, 0.0, "+3.5 % / +3.1 %"),
}


def measure(*, quick: bool) -> list[Figure]:
    """Plan each recorded day by itself with each setting; water left at the end is credited at its cost to lift."""
    days = (1, 6) if quick else range(1, 11)
    figures = []
    for name, (band, weight, prototype) in SETTINGS.items():
        said = []
        for tariff in problems.TARIFFS:
            own = weight * (4.0 if tariff == "high" else 1.0)
            results = [_planned(problems.params(day, tariff, band, smoothness_eur_per_m3_per_h=own)) for day in days]
            said.append(_told(results))
        figures.append(Figure(f"{name}: normal / high", "-", " / ".join(said), f"{prototype} on 16 days"))
    return figures


def _planned(params: dict[str, Any]) -> dict[str, Any]:
    return optimization.recommend({**params, "effort": "full"})


def _told(results: list[dict[str, Any]]) -> str:
    plan, rule, done = (
        sum(one[name]["adjusted_cost_eur"] for one in results) for name in ("kpis", "baseline", "recorded")
    )
    spread = float(np.sqrt(np.mean([one["kpis"]["flow_sd_m3_per_h"] ** 2 for one in results])))
    change = float(np.mean([one["kpis"]["mean_abs_flow_change_m3_per_h"] for one in results]))
    relaxed = sum(bool(one["relaxed"]) for one in results)
    broken = sum(finding["violations"] for one in results for finding in one["audit"] if finding["hard"])
    return (
        f"{plan:,.0f} EUR, {plan / done - 1:+.1%} to measured, {plan / rule - 1:+.1%} to rule, sd {spread:,.0f}, "
        f"mean dF2 {change:.0f}, {relaxed} relaxed, {broken} hard violations"
    )
