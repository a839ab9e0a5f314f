"""A trend: a straight line and a bend over the rows since the domain's first window."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Add slope * t + bend * t^2, t in thousands of rows."""
    del rng
    t = (chart.first_row(index) + np.arange(columns.shape[1])) / 1000.0
    columns[chart.places(spec["variables"])] += spec["slope"] * t + spec["bend"] * t * t
    return {}
