"""Finding the seasons that variables share: lines that stand out of their surroundings in the periodograms together.

Each variable's periodogram is divided by its own level nearby (a ring of frequencies, the line itself left out): thus
persistence, which is smooth in frequency, does not look like a season. Sums over variables are then about gamma
distributed (Fisher 1929, for one series), and the largest is judged by Bonferroni. What is found is taken out, and then
the search goes on.
"""

from collections.abc import Sequence

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
_AT_ONCE = 64
_LASTING = 0.75
"""Of what a season explains in one half, so much has to be foretold by the other."""
_WORTH_IT = 0.1
"""A season that foretells less than this share of what noise has nearby is left in: smooth spectra bend as much."""
_CLEAR = 6.0
"""Standard errors of what halves of mere noise foretell of each other."""
_ASIDE = 4.0
"""Cycles to either side, where a line of the window is no longer seen."""


def find(values: Sequence[Floats]) -> list[float]:
    """Return the periods in rows that all these share, the strongest first.

    `values` are (rows, series), without trend and 0 where missing: one array for each length of trajectories, the
    longest first.
    """
    left, found = list(values), list[float]()
    seen = [part != 0.0 for part in values]
    barred = np.zeros(len(left[0]) // 2 + 1 - _SLOWEST, dtype=np.bool_) if left else np.zeros(0, dtype=np.bool_)
    tries = 0
    while tries < _MOST and len(barred):
        best = _outstanding(left, barred)
        if best is None:
            break
        tries += 1
        period = _refine(left, len(left[0]) / (best + _SLOWEST))
        if _lasts(left, period):
            found.append(period)
            left = [np.where(there, _without(part, period), 0.0) for there, part in zip(seen, left, strict=True)]
        else:
            barred[max(best - _INNER + 1, 0) : best + _INNER] = True
    return found


def _outstanding(values: Sequence[Floats], barred: Flags) -> int | None:
    """Return the frequency that stands out most, in cycles of the longest trajectory beyond `_SLOWEST`, if any does."""
    total, count = np.zeros(len(barred)), np.zeros(len(barred))
    for part in values:
        strength = _strength(part)
        place = np.rint((np.arange(len(barred)) + _SLOWEST) * (len(part) / len(values[0]))).astype(np.int64) - _SLOWEST
        inside = (place >= 0) & (place < len(strength))
        total[inside] += strength[place[inside]]
        count[inside] += part.shape[1]
    able = (count > 0) & ~barred
    if not able.any():
        return None
    # Many series together show how a smooth spectrum bends: that is no line.
    total /= np.maximum(_nearby(total / np.maximum(count, 1.0), 0), 1.0)
    height = np.where(able, (total - count) / np.sqrt(np.maximum(count, 1.0)), -np.inf)
    best = int(height.argmax())
    return best if stats.gamma.sf(total[best], count[best]) * len(total) <= _LEVEL else None


def _strength(values: Floats) -> Floats:
    """Return for each frequency from `_SLOWEST` cycles on the sum of standardized periodograms."""
    if len(values) // 2 + 1 < _SLOWEST + 2 * _OUTER:
        return np.zeros(0)
    total = np.zeros(len(values) // 2 + 1 - _SLOWEST)
    for first in range(0, values.shape[1], _AT_ONCE):
        power = np.abs(np.fft.rfft(values[:, first : first + _AT_ONCE], axis=0)) ** 2
        level = _nearby(power, _SLOWEST) / _MEDIAN_OF_EXPONENTIAL
        total += (power[_SLOWEST:] / np.maximum(level, 1e-300)).sum(axis=1)
    return total


def _nearby(power: Floats, first: int) -> Floats:
    """Return for each frequency from the `first` on the median of those around it, itself and the nearest left out."""
    count = len(power)
    offsets = np.concatenate([np.arange(-_OUTER, -_INNER + 1), np.arange(_INNER, _OUTER + 1)])
    ring = np.abs(np.arange(first, count)[:, None] + offsets)
    ring = np.where(ring >= count, 2 * (count - 1) - ring, ring)
    return np.asarray(np.median(power[ring], axis=1), dtype=np.float64)


def _lasts(values: Sequence[Floats], period: float) -> bool:
    """Tell whether halves of trajectories foretell the season in the other; what only comes and goes is no season.

    What noise has of any period is reckoned from frequencies nearby: of many series one may have the season.
    """
    rows = len(values[0])
    shared, whole = _of_halves(values, period)
    aside = [rows / (rows / period + cycles) for cycles in (-_ASIDE, _ASIDE) if rows / period + cycles > 1.0]
    noise = float(np.mean([_of_halves(values, other)[1] for other in aside]))
    chance = noise / np.sqrt(2.0 * sum(part.shape[1] for part in values))
    return bool(shared > max(_LASTING * (whole - noise), _WORTH_IT * noise, _CLEAR * chance))


def _of_halves(values: Sequence[Floats], period: float) -> tuple[float, float]:
    """Return the product of waves of this period with the same foretold from the other half; and with themselves."""
    shared = whole = 0.0
    for part in values:
        half = len(part) // 2
        basis = _waves(len(part), period)
        for fitted, other in ((slice(0, half), slice(half, None)), (slice(half, None), slice(0, half))):
            foretold = basis[other] @ np.linalg.lstsq(basis[fitted], part[fitted], rcond=None)[0]
            own = basis[other] @ np.linalg.lstsq(basis[other], part[other], rcond=None)[0]
            shared += float(np.sum(own * foretold))
            whole += float(np.sum(own**2))
    return shared, whole


def _refine(values: Sequence[Floats], period: float) -> float:
    """Find the period nearby that explains most; whole numbers are preferred where they do about as well."""
    rows = len(values[0])
    cycles = rows / period + np.linspace(-0.6, 0.6, _REFINEMENTS)
    explained = np.array([_explained(values, rows / cycle) for cycle in cycles])
    best = rows / float(cycles[explained.argmax()])
    whole = round(best)
    if whole >= _FASTEST and _explained(values, whole) > _AS_WELL * explained.max():
        return float(whole)
    return best


def _explained(values: Sequence[Floats], period: float) -> float:
    return sum(float(np.sum((np.linalg.qr(_waves(len(part), period))[0].T @ part) ** 2)) for part in values)


def _without(values: Floats, period: float) -> Floats:
    orthogonal, _ = np.linalg.qr(_waves(len(values), period))
    return np.asarray(values - orthogonal @ (orthogonal.T @ values), dtype=np.float64)


def _waves(rows: int, period: float) -> Floats:
    angle = 2.0 * np.pi * np.arange(rows) / period
    waves = [np.cos(angle), np.sin(angle)]
    return np.column_stack(waves if period > _FASTEST else waves[:1])
