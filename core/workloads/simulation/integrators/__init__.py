"""Integrators: one module for each, found by its name."""

import importlib

from core.workloads.simulation.integrators.base import Integrator


def find(name: str) -> Integrator:
    """Return an integrator by the name of its module."""
    found: Integrator = importlib.import_module(f"{__name__}.{name}")
    return found
