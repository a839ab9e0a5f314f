"""Tests of independence: how variables enter the regressions. One module for each, found by its name."""

import importlib

from core.workloads.causal.independence.base import IndependenceTest


def find(name: str) -> IndependenceTest:
    """Return a test by the name of its module."""
    test: IndependenceTest = importlib.import_module(f"{__name__}.{name}").TEST
    return test
