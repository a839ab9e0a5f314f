"""This file is about the result of a plan for stations in series: each station's own, and all of them together."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.workloads.pumping import cascade, presentation
from core.workloads.pumping.cascade import Station, merged_rows
from core.workloads.pumping.problem import Problem
from core.workloads.pumping.proof import Bound

Result = dict[str, Any]
_SUMMED = ("energy_cost_eur", "energy_kwh", "objective_eur", "end_volume_credit_eur")
_WORST_FIRST = ("infeasible", "fallback", "feasible", "optimal")


def present(
    stations: Sequence[Station], baselines: Sequence[Station], bounds: Sequence[Bound | None]
) -> tuple[Result, list[tuple[Problem, dict[str, Any], Result]]]:
    """Return the whole plant's result, and (problem, params, result) of each station."""
    single = [
        presentation.present(one.problem, one.params, (one.plan, other.plan), one.found, bound)
        for one, other, bound in zip(stations, baselines, bounds, strict=True)
    ]
    drawn = [(one.problem, one.params, own) for one, own in zip(stations, single, strict=True)]
    if len(single) == 1:
        return single[0], drawn
    return _whole(stations, single), drawn


def _whole(stations: Sequence[Station], single: Sequence[Result]) -> Result:
    first = single[0]
    result = {
        **first,
        **{key: sum(one[key] for one in single) for key in _SUMMED},
        **{key: _added([one[key] for one in single]) for key in ("objective", "savings")},
        "status": min((one["status"] for one in single), key=_WORST_FIRST.index),
        "infeasible_rule": next((one["infeasible_rule"] for one in single if one["infeasible_rule"]), None),
        "relaxed": list(dict.fromkeys(rule for one in single for rule in one["relaxed"])),
        "bound_complete": all(one["bound_complete"] for one in single),
        "warnings": [warning for one in single for warning in one["warnings"]],
        "initial_pumps": {name: pump for one in single for name, pump in one["initial_pumps"].items()},
        "schedule": list(merged_rows(stations)),
        "audit": cascade.findings(stations),
        "explanation": sorted((e for one in single for e in one["explanation"]), key=lambda e: e["time"]),
        "kpis": cascade.kpis_of([one["kpis"] for one in single]),
        "baseline": _baseline(single),
    }
    lower = None if any(one["lower_bound_eur"] is None for one in single) else sum(x["lower_bound_eur"] for x in single)
    gap = None if lower is None else presentation.relative_gap(result["objective_eur"], lower)
    if result["status"] == "optimal" and (gap is None or gap > presentation.OPTIMAL_GAP):
        result["status"] = "feasible"
    return result | {"lower_bound_eur": lower, "gap": gap}


def _added(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {key: sum(part[key] for part in parts) for key in parts[0]}


def _baseline(single: Sequence[Result]) -> Result:
    baselines = [one["baseline"] for one in single]
    summed = (
        "energy_cost_eur",
        "energy_kwh",
        "end_volume_m3",
        "end_volume_credit_eur",
        "adjusted_cost_eur",
        "starts",
        "rule_violations",
    )
    return {**baselines[0], **{key: sum(one[key] for one in baselines) for key in summed}}
