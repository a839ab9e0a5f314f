"""Summaries: what each variable of a window is like, in figures that fit a row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
DIGITS = 7
TOGETHER_VALUES = 1 << 17
"""Values that are summarized at a time: as many as stay near the processor."""


def summarize(names: Sequence[str], columns: NDArray[np.float64]) -> dict[str, dict[str, Any]]:
    """Summarize one window, given variables by rows; see `summarize_all`."""
    return summarize_all(names, [columns])[0]


def summarize_all(names: Sequence[str], windows: Sequence[NDArray[np.float64]]) -> list[dict[str, dict[str, Any]]]:
    """Return rows, missing, mean, sd, least, largest and quantiles of each variable of each window.

    Windows are given as variables by rows, all of one size: together they cost a fraction of what each does alone.
    Figures have seven digits. Quantiles are interpolated (Hyndman & Fan 1996, type 7). Null where no value is.
    """
    told: list[dict[str, dict[str, Any]]] = []
    step = max(1, TOGETHER_VALUES // windows[0].size) if windows else 1
    for first in range(0, len(windows), step):
        told += _summarized(names, np.concatenate(windows[first : first + step]))
    return told


def _summarized(names: Sequence[str], values: NDArray[np.float64]) -> list[dict[str, dict[str, Any]]]:
    """Summarize windows one below the other; the values are changed."""
    rows = values.shape[1]
    absent = np.isnan(values)
    counts = rows - absent.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        full = bool((counts == rows).all())
        mean = (values.sum(axis=1) if full else np.where(absent, 0.0, values).sum(axis=1)) / counts
        values -= mean[:, None]
        kept = values if full else np.where(absent, 0.0, values)
        sd = np.sqrt(np.einsum("ij,ij->i", kept, kept) / counts)
    values.sort(axis=1)  # missing ones come last
    figures = {"min": values[:, 0], "max": _at(values, counts, 1.0)}
    figures |= {name: _at(values, counts, share) for name, share in QUANTILES.items()}
    places = np.stack(list(figures.values()), axis=1) + mean[:, None]
    table = _rounded(np.column_stack([mean, sd, places])).tolist()
    told = [
        {"rows": rows, "missing": rows - count, **_told(["mean", "sd", *figures], line, count)}
        for count, line in zip(counts.tolist(), table, strict=True)
    ]
    step = len(names)
    return [dict(zip(names, told[first : first + step], strict=True)) for first in range(0, len(told), step)]


def _at(ordered: NDArray[np.float64], counts: NDArray[np.intp], share: float) -> NDArray[np.float64]:
    place = np.maximum(counts - 1, 0) * share
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(counts - 1, 0))
    lines = np.arange(len(ordered))
    low, high = ordered[lines, below], ordered[lines, above]
    return low + (place - below) * (high - low)


def _rounded(table: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        size = np.where(np.isfinite(table) & (table != 0), np.floor(np.log10(np.abs(table))), 0)
        scale = 10.0 ** np.clip(DIGITS - 1 - size, -300, 300)
        rounded = np.round(table * scale) / scale
    return np.where(np.isfinite(rounded), rounded, table)


def _told(names: Any, line: Sequence[float], count: int) -> dict[str, float | None]:
    return dict.fromkeys(names) if count == 0 else dict(zip(names, line, strict=True))
