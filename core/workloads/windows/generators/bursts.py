"""Bursts: stretches of rows in which the noise is loud."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Add noise of standard deviation `size` for `length` rows from each beginning on."""
    del index
    places = chart.places(spec["variables"])
    begins = np.flatnonzero(rng.random(columns.shape[1]) < spec["rate"])
    loud = np.zeros(columns.shape[1], dtype=bool)
    for row in begins:
        loud[row : row + spec["length"]] = True
    columns[places] += loud * spec["size"] * rng.standard_normal((len(places), columns.shape[1]))
    return {"bursts": begins.tolist()}
