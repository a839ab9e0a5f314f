"""A population of agents, one of those that come with the platform."""

from collections.abc import Mapping
from typing import Any

from core.workloads.simulation import rules, timetable
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.population_specs import find
from core.workloads.simulation.subjects.base import check_shocks, refuse_what_models_take
from core.workloads.simulation.timetable import Timetable

HORIZON = 100.0


def check(data: Mapping[str, Any], faults: Faults) -> None:
    """Note what only models take, and shocks and rules that do not fit the population."""
    refuse_what_models_take(data, faults)
    spec, horizon = find(data["agents"]["population"]), data["horizon"] or HORIZON
    rules.check(data, {*spec.MEASURES, *spec.SETTINGS}, spec.SETTINGS, faults)
    check_shocks(data, spec.SETTINGS, horizon, faults)


def names(data: Mapping[str, Any]) -> list[str]:
    """Return what is measured of the population."""
    return list(find(data["agents"]["population"]).MEASURES)


def table(data: Mapping[str, Any]) -> Timetable:
    """Lay out the run, a step for each turn of the agents."""
    return timetable.make(0.0, data["horizon"] or HORIZON, 1.0, data["points"])


def size(data: Mapping[str, Any]) -> int:
    """Return how many agents each member has."""
    return int(data["agents"]["agents"])
