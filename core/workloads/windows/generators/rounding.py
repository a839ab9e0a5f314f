"""Rounding: what an instrument can tell apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Round to so many decimals."""
    del index, rng
    places = chart.places(spec["variables"])
    columns[places] = np.round(columns[places], spec["decimals"])
    return {}
