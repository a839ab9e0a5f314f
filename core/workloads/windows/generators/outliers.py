"""Outliers: single values far off."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth

MOST_TOLD = 1000


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Add `size` with either sign where chance wants it."""
    del index
    places = chart.places(spec["variables"])
    shape = (len(places), columns.shape[1])
    hit = rng.random(shape) < spec["rate"]
    columns[places] += np.where(hit, np.where(rng.random(shape) < 1 / 2, -spec["size"], spec["size"]), 0.0)
    where = np.argwhere(hit)[:MOST_TOLD]
    return {"outliers": [[int(row), chart.names[places[variable]]] for variable, row in where]}
