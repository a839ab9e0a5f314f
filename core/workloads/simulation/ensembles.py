"""Ensembles of whatever the params give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.workloads.simulation import model, populations, setting, subjects
from core.workloads.simulation.dynamics import Dynamics
from core.workloads.simulation.engine import Engine
from core.workloads.simulation.simulating import Simulated
from core.workloads.simulation.subjects.model import with_watch
from core.workloads.simulation.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An ensemble that has not set out yet, when it is told, and what it is called."""

    simulated: Simulated
    timetable: Timetable
    name: str
    method: str
    time_unit: str | None


def make(given: Mapping[str, Any], seed: int) -> Ensemble:
    """Make the ensemble that loaded params of a run give."""
    timetable = subjects.of(given).table(given)
    if given.get("dynamics") is not None:
        return Ensemble(Dynamics(given, seed), timetable, "dynamics", "rows", "row")
    if given.get("agents") is not None:
        population: Simulated = populations.make(given, seed, timetable)
        return Ensemble(population, timetable, given["agents"]["population"], "turns", "turn")
    engine = Engine(model.build(with_watch(given)), setting.of_params(given, timetable, seed))
    method = given["method"] or given["model"]["method"]
    return Ensemble(engine, timetable, given["model"]["name"], method, given["model"]["time_unit"])
