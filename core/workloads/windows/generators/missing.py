"""Missing values: at random, by their own size, or in blocks (Rubin 1976: MCAR, MNAR)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.workloads.windows.generators.base import Chart, Columns, Truth


def apply(columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator) -> Truth:
    """Take out a share `rate` of the chosen variables' values, on average."""
    del index
    places = chart.places(spec["variables"])
    chosen = columns[places]
    draws = rng.random(chosen.shape)
    match spec["mechanism"]:
        case "value":
            gone = draws < _by_value(chosen, float(spec["rate"]))
        case "block":
            gone = _blocks(draws, spec["rate"], spec["length"])
        case _:
            gone = draws < spec["rate"]
    chosen[gone] = np.nan
    columns[places] = chosen
    return {"missing": {"mechanism": spec["mechanism"], "count": int(gone.sum())}}


def _by_value(chosen: Columns, rate: float) -> NDArray[np.float64]:
    """Let the probability grow in a straight line with a value's rank in its window."""
    ranks = chosen.argsort(axis=1).argsort(axis=1) / max(1, chosen.shape[1] - 1)
    odds: NDArray[np.float64] = np.where(rate <= 1 / 2, 2 * rate * ranks, 1 - 2 * (1 - rate) * (1 - ranks))
    return odds


def _blocks(draws: NDArray[np.float64], rate: float, length: int) -> NDArray[np.bool_]:
    """Begin blocks so often that, overlaps counted, a share `rate` of the rows lies in one."""
    starts = draws < 1 - (1 - rate) ** (1 / length)
    # A window's first rows may lie in a block that began before it: then it begins at row 0 with what is left of it.
    within = np.cumsum(np.pad(starts, ((0, 0), (1, 0))), axis=1)
    before = np.maximum(np.arange(1, draws.shape[1] + 1) - length, 0)
    inside: NDArray[np.bool_] = within[:, 1:] - within[:, before] > 0
    reach = np.flatnonzero(before == 0)
    early = draws[:, :1] < 1 - (1 - rate) ** ((length - reach) / length)
    inside[:, reach] |= early
    return inside
