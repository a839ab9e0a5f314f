"""This file is about `pumping.whatif`: the same hours planned under other circumstances, side by side.

Each plan is a job of `pumping.optimize` of its own, so that they run on as many workers as there are.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from core.errors import Invalid
from core.jobs.context import JobContext
from core.jobs.stages import Shard
from core.workloads.pumping import whatif_plot

Params = dict[str, Any]
_FIGURES = (
    *("kwh_per_m3", "mean_abs_flow_change_m3_per_h", "flow_sd_m3_per_h"),
    *("starts", "max_level_m", "hours_above_alarm", "adjusted_cost_eur"),
)


class BaseInvalid(Invalid):
    """The base itself could not be planned."""

    code = "base_invalid"


def compute(params: Params, context: JobContext) -> dict[str, Any]:
    """Plan base, scenarios and front; a scenario that cannot be is told as refused, with its reason."""
    base = _plain(params["base"])
    weights = [(weight, base["weights"]["flow_band"]) for weight in params["smoothness_weights"]]
    weights += [(base["weights"]["smoothness_eur_per_m3_per_h"], band) for band in params["flow_bands"]]
    posed = [base, *[changed(base, one) for one in params["scenarios"]]]
    posed += [_weighted(base, weight, band) for weight, band in weights]
    planned = list(context.map("pumping.optimize", posed, allow_failure=True))
    context.progress(0.8, "compare", f"{len(planned)} plans")
    own, *others = planned
    if own.result is None:
        raise BaseInvalid(f"The base was refused: {(own.error or {}).get('message')}")
    reference = _outcome("base", own, None)
    count = len(params["scenarios"])
    names = [one["name"] for one in params["scenarios"]]
    scenarios = [_outcome(name, one, reference) for name, one in zip(names, others[:count], strict=True)]
    front = [_point(weight, band, one, reference) for (weight, band), one in zip(weights, others[count:], strict=True)]
    for point in front:
        point["dominated"] = any(_dominates(other, point) for other in front)
    context.progress(0.9, "plot", "drawing")
    for name, content, content_type in whatif_plot.draw(reference, scenarios, front):
        context.save_artifact(name, content, content_type)
    context.progress(1.0, "done", f"{len(planned)} plans compared")
    return {"base": reference, "scenarios": scenarios, "front": front}


def changed(base: Params, scenario: Mapping[str, Any]) -> Params:
    """Return the base's params under a scenario; inflow never falls below nothing."""
    params = deepcopy(base)
    factor, added = scenario["inflow_factor"], scenario["inflow_added_m3_per_h"]
    params["inflow_m3_per_h"] = [max(0.0, value * factor + added) for value in params["inflow_m3_per_h"]]
    factor, added = scenario["price_factor"], scenario["price_added_eur_per_mwh"]
    params["price_eur_per_mwh"] = [value * factor + added for value in params["price_eur_per_mwh"]]
    for name in scenario["pumps_out"]:
        pump = params["state"]["pumps"].setdefault(name, {})
        pump["available"], pump["on"] = False, False
    for name in ("smoothness_eur_per_m3_per_h", "flow_band"):
        if scenario[name] is not None:
            params["weights"][name] = scenario[name]
    return params


def _weighted(base: Params, weight: float, band: float | None) -> Params:
    params = deepcopy(base)
    params["weights"] = {**params["weights"], "smoothness_eur_per_m3_per_h": weight, "flow_band": band}
    return params


def _plain(value: Any) -> Any:
    """Write loaded params as JSON again."""
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    return value.isoformat() if isinstance(value, datetime | date) else value


def _outcome(name: str, shard: Shard, base: Mapping[str, Any] | None) -> dict[str, Any]:
    result = shard.result
    if result is None:
        nothing = dict.fromkeys(("energy_cost_eur", "energy_kwh", *_FIGURES, "violations", "dearer_eur"))
        return {
            "name": name,
            "status": "refused",
            "detail": (shard.error or {}).get("message"),
            "relaxed": [],
            **nothing,
        }
    figures = {key: result["kpis"][key] for key in _FIGURES}
    own = figures["adjusted_cost_eur"]
    return {
        "name": name,
        "status": result["status"],
        "detail": None,
        "energy_cost_eur": result["energy_cost_eur"],
        "energy_kwh": result["energy_kwh"],
        **figures,
        "relaxed": result["relaxed"],
        "violations": sum(finding["violations"] for finding in result["audit"]),
        "dearer_eur": 0.0 if base is None else own - base["adjusted_cost_eur"],
    }


def _point(weight: float, band: float | None, shard: Shard, base: Mapping[str, Any]) -> dict[str, Any]:
    name = f"smoothness {weight:g}" if band is None else f"smoothness {weight:g}, band {band:g}"
    return {**_outcome(name, shard, base), "smoothness_eur_per_m3_per_h": weight, "flow_band": band}


def _dominates(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys: Sequence[str] = ("adjusted_cost_eur", "mean_abs_flow_change_m3_per_h")
    if any(each[key] is None for each in (one, other) for key in keys):
        return False
    return all(one[key] <= other[key] for key in keys) and any(one[key] < other[key] for key in keys)
