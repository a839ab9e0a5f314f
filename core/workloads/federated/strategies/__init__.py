"""Strategies: how clients' updates become one. One module for each, found by its name."""

import importlib

from core.workloads.federated.strategies.base import Strategy


def find(name: str) -> Strategy:
    """Return a strategy by the name of its module."""
    strategy: Strategy = importlib.import_module(f"{__name__}.{name}").STRATEGY
    return strategy
