"""Linear dynamics on a causal graph: variables that follow their own past and that of their causes."""

from collections.abc import Mapping
from typing import Any

from core.workloads.simulation import rules, timetable
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.graph import variables
from core.workloads.simulation.spelling import suggestion
from core.workloads.simulation.subjects.base import check_shocks, refuse_what_models_take
from core.workloads.simulation.timetable import Timetable

HORIZON = 100.0


def check(data: Mapping[str, Any], faults: Faults) -> None:
    """Note figures of variables that the graph does not have, and shocks and rules that do not fit it."""
    refuse_what_models_take(data, faults)
    known = names(data)
    for field in ("noise_sd", "mean", "start"):
        for name in data["dynamics"][field]:
            if name not in known:
                told = suggestion(name, known)
                faults.add(("dynamics", field, name), f"The graph has no such variable{told}")
    rules.check(data, set(known), known, faults)
    check_shocks(data, known, data["horizon"] or HORIZON, faults)


def names(data: Mapping[str, Any]) -> list[str]:
    """Return the graph's variables."""
    return variables(data["dynamics"]["graph"])


def table(data: Mapping[str, Any]) -> Timetable:
    """Lay out the run, a step for each row."""
    return timetable.make(0.0, data["horizon"] or HORIZON, 1.0, data["points"])


def size(data: Mapping[str, Any]) -> int:
    """Return how many values each member has: rows of the past, and coefficients that are its own."""
    graph = data["dynamics"]["graph"]
    lags = max((edge["lag"] for edge in (*graph["edges"], *graph["own_lags"])), default=1)
    return len(names(data)) * (lags + 1) + len(graph["edges"]) + len(graph["own_lags"])
