"""A season: a sine with harmonics, in step with the rows since the domain's first window."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Add amplitude / k * sin(2 pi k (t / period + phase)) for each harmonic k."""
    del rng
    # Whole periods are taken off in whole rows first, so that late windows lose no digits.
    first = chart.first_row(index) % spec["period"] if float(spec["period"]).is_integer() else chart.first_row(index)
    turns = (first + np.arange(columns.shape[1])) / spec["period"] + spec["phase"]
    wave = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, spec["harmonics"] + 1))
    columns[chart.places(spec["variables"])] += spec["amplitude"] * wave
    return {}
