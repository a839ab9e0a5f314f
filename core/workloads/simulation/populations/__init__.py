"""Populations of agents: one module for each, found by its name, with a light twin in `population_specs/`."""

import importlib
from collections.abc import Mapping
from typing import Any

from core.workloads.simulation.populations.base import Population
from core.workloads.simulation.populations.steered import Steered
from core.workloads.simulation.simulating import Simulated
from core.workloads.simulation.timetable import Timetable


def find(name: str) -> type[Population]:
    """Return the population of a name."""
    found: type[Population] = importlib.import_module(f"{__name__}.{name}").POPULATION
    return found


def make(given: Mapping[str, Any], seed: int, timetable: Timetable) -> Simulated:
    """Make the population that loaded params of a run give, under what they do to it."""
    population = find(given["agents"]["population"])(given["agents"], given["members"], seed)
    is_steered = any(given[name] for name in ("shocks", "policies", "watch"))
    return Steered(population, given, timetable) if is_steered else population
