"""Drift: from some window on values are shifted and stretched, at once or little by little."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Go from 1 to `scale` and from 0 to `shift`, in a straight line over the windows that it takes."""
    del rng
    share = float(np.clip((index - spec["at_window"] + 1) / (spec["over_windows"] + 1), 0.0, 1.0))
    if share == 0.0:
        return {}
    places = chart.places(spec["variables"])
    columns[places] *= 1 + share * (spec["scale"] - 1)
    columns[places] += share * spec["shift"]
    return {"drift": {"variables": [chart.names[place] for place in places], "share": round(share, 6)}}
