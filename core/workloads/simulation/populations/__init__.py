"""Populations of agents: one module for each, found by its name, with a light twin in `population_specs/`."""

import importlib
from collections.abc import Mapping
from typing import Any

from core.workloads.simulation.populations.base import Population


def find(name: str) -> type[Population]:
    """Return the population of a name."""
    found: type[Population] = importlib.import_module(f"{__name__}.{name}").POPULATION
    return found


def make(given: Mapping[str, Any], members: int, seed: int) -> Population:
    """Make the population that loaded params give."""
    return find(given["population"])(given, members, seed)
