"""A stock-and-flow model, given as a document."""

from collections.abc import Mapping
from typing import Any

from core.workloads.simulation import interventions, timetable
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.model import build
from core.workloads.simulation.spelling import suggestion
from core.workloads.simulation.timetable import Timetable


def check(data: Mapping[str, Any], faults: Faults) -> None:
    """Note names that the model does not have, and shocks and policies that do not fit."""
    built = build(with_watch(data))
    for field, section in (("parameters", "parameters"), ("initial", "stocks")):
        for name in data[field]:
            if name not in built.document[section]:
                told = suggestion(name, built.document[section])
                faults.add((field, name), f"There is no such name among the model's {section}{told}")
    start = data["model"]["start"]
    span = (start, start + (data["horizon"] or data["model"]["horizon"]))
    interventions.check_shocks(data.get("shocks", ()), built, span, ("shocks",), faults)
    interventions.check_policies(data.get("policies", ()), built, ("policies",), faults)


def with_watch(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model's document with the conditions of the params behind its own; raises `ValidationError`."""
    faults = Faults()
    built = build(data["model"])
    for place, entry in enumerate(data["watch"]):
        with faults.at("watch", place, "when"):
            built.equation(entry["when"])
    faults.refuse()
    return {**data["model"], "watch": [*data["model"]["watch"], *data["watch"]]}


def names(data: Mapping[str, Any]) -> list[str]:
    """Return stocks, flows, auxiliaries and delays."""
    return [name for section in ("stocks", "flows", "auxiliaries", "delays") for name in data["model"][section]]


def table(data: Mapping[str, Any]) -> Timetable:
    """Lay out the run: what the params leave open is as the document says."""
    document = data["model"]
    horizon, dt = data["horizon"] or document["horizon"], data["dt"] or document["dt"]
    return timetable.make(document["start"], horizon, dt, data["points"])


def size(data: Mapping[str, Any]) -> int:
    """Return how many values each member has."""
    return len(names(data)) + sum(int(one["order"]) for one in data["model"]["delays"].values())
