"""Regimes: a Markov chain over rows whose states shift and stretch the values."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Multiply by the state's scale and add its shift; a window's first state is any of them."""
    del index
    states = _states(rng, columns.shape[1], len(spec["shifts"]), spec["stay"])
    places = chart.places(spec["variables"])
    if spec["scales"] is not None:
        columns[places] *= np.take(spec["scales"], states)
    columns[places] += np.take(spec["shifts"], states)
    turns = [0, *(np.flatnonzero(np.diff(states)) + 1).tolist()]
    return {"regimes": [[row, int(states[row])] for row in turns]}


def _states(rng: np.random.Generator, rows: int, count: int, stay: float) -> NDArray[np.intp]:
    first, leaves = int(rng.integers(count)), rng.random(rows) >= stay
    steps = np.where(leaves, rng.integers(1, count, rows), 0)
    steps[0] = first
    states: NDArray[np.intp] = np.cumsum(steps) % count
    return states
