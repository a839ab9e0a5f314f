"""Finding the seasons that variables share: lines that stand out of their surroundings in the periodograms together.

Each variable's periodogram is divided by its own level nearby (a ring of frequencies, the line itself left out): thus
persistence, which is smooth in frequency, does not look like a season. Sums over variables are then about gamma
distributed (Fisher 1929, for one series), and the largest is judged by Bonferroni. What is found is taken out, and then
the search goes on.
"""

import numpy as np
from scipy import stats

from core.workloads.causal.arrays import Flags, Floats

_LEVEL = 1e-3
_MOST = 8
_SLOWEST = 3
"""Fewer cycles than this within the window are a trend."""
_INNER, _OUTER = 3, 12
_MEDIAN_OF_EXPONENTIAL = float(np.log(2.0))
_REFINEMENTS = 41
_FASTEST = 2.0
"""Rows of the shortest period, of which the sine is zero in every row."""
_AS_WELL = 0.97
_LASTING = 0.5
"""Of what a season explains in one half, so much has to be foretold by the other."""


def find(values: Floats, observed: Flags) -> list[float]:
    """Return the periods in rows, the strongest first; `values` (rows, variables) without trend."""
    rows = len(values)
    left = np.where(observed, values, 0.0)
    found: list[float] = []
    while len(found) < _MOST:
        strength = _strength(left)
        if not len(strength):
            break
        best = int(strength.argmax())
        variables = left.shape[1]
        if stats.gamma.sf(strength[best], variables) * len(strength) > _LEVEL:
            break
        period = _refine(left, rows / (best + _SLOWEST))
        if not _lasts(left, period):
            break
        found.append(period)
        left = np.where(observed, _without(left, period), 0.0)
    return found


def _strength(values: Floats) -> Floats:
    """Return for each frequency from `_SLOWEST` cycles on the sum of standardized periodograms."""
    power = np.abs(np.fft.rfft(values, axis=0)) ** 2
    count = len(power)
    if count < _SLOWEST + 2 * _OUTER:
        return np.zeros(0)
    offsets = np.concatenate([np.arange(-_OUTER, -_INNER + 1), np.arange(_INNER, _OUTER + 1)])
    place = np.arange(_SLOWEST, count)
    ring = np.abs(place[:, None] + offsets)
    ring = np.where(ring >= count, 2 * (count - 1) - ring, ring)
    level = np.median(power[ring], axis=1) / _MEDIAN_OF_EXPONENTIAL
    total: Floats = (power[_SLOWEST:] / np.maximum(level, 1e-300)).sum(axis=1)
    return total


def _lasts(values: Floats, period: float) -> bool:
    """Tell whether one half of the window foretells the season in the other; what only comes and goes is no season."""
    half = len(values) // 2
    basis = _waves(len(values), period)
    told = whole = 0.0
    for fitted, other in ((slice(0, half), slice(half, None)), (slice(half, None), slice(0, half))):
        wave = basis[other] @ np.linalg.lstsq(basis[fitted], values[fitted], rcond=None)[0]
        told += float(np.sum(values[other] ** 2) - np.sum((values[other] - wave) ** 2))
        own = basis[other] @ np.linalg.lstsq(basis[other], values[other], rcond=None)[0]
        whole += float(np.sum(own**2))
    return told > _LASTING * whole


def _refine(values: Floats, period: float) -> float:
    """Find the period nearby that explains most; whole numbers are preferred where they do about as well."""
    rows = len(values)
    cycles = rows / period + np.linspace(-0.6, 0.6, _REFINEMENTS)
    left = np.array([np.sum(_without(values, rows / cycle) ** 2) for cycle in cycles])
    best = rows / float(cycles[left.argmin()])
    whole = round(best)
    explained = np.sum(values**2) - left.min()
    if whole >= _FASTEST and np.sum(values**2) - np.sum(_without(values, whole) ** 2) > _AS_WELL * explained:
        return float(whole)
    return best


def _without(values: Floats, period: float) -> Floats:
    orthogonal, _ = np.linalg.qr(_waves(len(values), period))
    return values - orthogonal @ (orthogonal.T @ values)


def _waves(rows: int, period: float) -> Floats:
    angle = 2.0 * np.pi * np.arange(rows) / period
    waves = [np.cos(angle), np.sin(angle)]
    return np.column_stack(waves if period > _FASTEST else waves[:1])
