"""What of a stream repeats itself, drifts or wanders: told from sums over its windows, as their causes are.

Seasons: at the frequency of one, the phase of a window's first part foretells that of its last, of which mere
persistence knows nothing. Trends: levels and bends of windows scatter by more than the long-run variance of what is
within them. Wandering: no mean of Dickey-Fuller statistics speaks against a unit root (Im, Pesaran and Shin 2003). The
sums decay with age as the stream's others do; the first window is looked at as `causal.discover` would.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from core.workloads.causal import preprocessing, seasons
from core.workloads.causal.arrays import Flags, Floats, Ints

_FEWEST_ROWS = 30
"""Shorter windows tell nothing of seasons and trends."""
_LONGEST = 1_024
"""Longer windows are searched for seasons in pieces of this length."""
_SLOWEST = 3
"""Fewer cycles than this within a window are a trend."""
_PART = 0.4
"""Of a window, that is foretold from as much."""
_CLEAR = 4.3
"""Standard errors by which a frequency has to stand out, of all frequencies after any window."""
_MOST_SEASONS = 8
_NEARBY, _SAME = 6.0, 1.5
"""Cycles of a window within which a known season hides others; and within which it is the one."""
_ASTRAY = 0.1
"""By so many radians may a period be wrong at the ends of a window."""
_AS_WELL = 0.97
_PROVEN, _FADED = 25.0, 1.0
"""After so many windows a season has to stand out by so many standard errors, or it was none."""
_CHANCE = 1e-5
_WORTH_IT = 0.6
"""By so much, times persistence, has a trend to exceed what that shows: its long-run variance is known no better."""
_FEWEST_WINDOWS = 3
_WALK_ROWS, _MOST_WALKS = 3_000, 30
"""After so many rows or windows it is asked which variables wander: of fewer, slow returns look the same."""
_MOST_CORRELATED = 0.98
_SUMS = 9


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is taken out of each window."""

    seasons: tuple[float, ...]
    """Periods in rows."""
    degree: Ints
    """(variables,): of the polynomial taken out of a window: -1 none, 0 its level, 2 a bent trend."""
    differenced: Flags
    """(variables,)"""


@dataclass(frozen=True, slots=True)
class Signs:
    """The sums, decayed by age."""

    foretold: Floats
    """(2, frequencies): how well last parts are foretold, from -1 to 1 a piece; and the variance of chance."""
    bends: Floats
    """(9, variables): rows; squares and neighbors' products of what a bent trend leaves; rows times levels, and times
    their squares; tilts, bows, squares of both; windows."""
    walks: Floats
    """(2, variables): sums of Dickey-Fuller statistics without and with a trend."""
    walked: int
    """How many windows those are of."""
    span: int
    """Rows of a piece; 0 before the first window."""


def untreated(variables: int, periods: Sequence[float] = ()) -> Treatment:
    """Take out but these seasons."""
    return Treatment(tuple(periods), np.full(variables, -1), np.zeros(variables, dtype=np.bool_))


def no_signs(variables: int, span: int = 0) -> Signs:
    """Begin with nothing seen; the first window decides the `span`."""
    count = _transform_size(span) // 2 + 1 if span else 0
    return Signs(np.zeros((2, count)), np.zeros((_SUMS, variables)), np.zeros((2, variables)), 0, span)


def size_of(variables: int) -> int:
    """Return how many numbers the largest signs have."""
    return _transform_size(_LONGEST) + 2 + (_SUMS + 2) * variables


def treat(treatment: Treatment, values: Floats) -> Floats:
    """Take out of a window (rows, variables) what the treatment says; missing values stay missing."""
    values = _seasonless(treatment, _differenced(treatment, values))
    for degree in (0, 2):
        columns = np.flatnonzero(treatment.degree == degree)
        if len(columns):
            values = values.copy()
            values[:, columns] = preprocessing.without_trend(values[:, columns], degree)
    return values


def first_look(values: Floats) -> tuple[float, ...]:
    """Return the periods that stand out in a single window."""
    if len(values) < preprocessing.FEWEST_ROWS:
        return ()
    flat = preprocessing.without_trend(values, 2)
    return tuple(seasons.find([np.where(np.isnan(flat), 0.0, flat)]))


def see(signs: Signs, treatment: Treatment, values: Floats, weight: float) -> Signs:
    """Add the signs of one window as it came, those before it weighing `weight`."""
    rows, variables = values.shape
    if rows < _FEWEST_ROWS:
        return signs
    if not signs.span:
        signs = no_signs(variables, min(rows, _LONGEST))
    values, walking = _differenced(treatment, values), signs.walked < _walks(signs)
    return replace(
        signs,
        foretold=weight * signs.foretold + _foretell(values, signs.span),
        bends=weight * signs.bends + _bend(_seasonless(treatment, values)),
        walks=signs.walks + _walk(values) if walking else signs.walks,
        walked=signs.walked + walking,
    )


def judge(signs: Signs, treatment: Treatment) -> tuple[Treatment, Signs]:
    """Return the treatment with what else stands out by now, the very same where nothing does; and signs to go on."""
    variables = len(treatment.degree)
    periods = _seasons(signs, treatment.seasons)
    if periods != treatment.seasons:
        return replace(treatment, seasons=periods), replace(signs, bends=np.zeros((_SUMS, variables)))
    wandering = _wandering(signs) & ~treatment.differenced
    if wandering.any():
        degree = np.where(wandering, -1, treatment.degree)
        fresh = no_signs(variables, signs.span)
        treatment = replace(treatment, degree=degree, differenced=treatment.differenced | wandering)
        return treatment, replace(fresh, walks=signs.walks, walked=signs.walked + 1)
    degree = np.maximum(treatment.degree, _degrees(signs))
    if (degree == treatment.degree).all():
        return treatment, signs
    return replace(treatment, degree=degree), signs


def _differenced(treatment: Treatment, values: Floats) -> Floats:
    if not treatment.differenced.any():
        return values
    return np.where(treatment.differenced, np.diff(values, axis=0, prepend=np.nan), values)


def _seasonless(treatment: Treatment, values: Floats) -> Floats:
    return preprocessing.without_seasons(values, treatment.seasons)


def _walks(signs: Signs) -> int:
    return int(np.clip(_WALK_ROWS // max(signs.span, 1), 1, _MOST_WALKS))


def _transform_size(span: int) -> int:
    return 1 << int(np.ceil(np.log2(8 * span)))


def _foretell(values: Floats, span: int) -> Floats:
    """Return what one window adds to `Signs.foretold`, in pieces of `span` rows."""
    size, part = _transform_size(span), int(_PART * span)
    found = np.zeros((2, size // 2 + 1))
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) * (span - part) / size)
    taper = np.hanning(part + 2)[1:-1, None]
    for first in range(0, len(values) - span + 1, span):
        piece = preprocessing.without_trend(values[first : first + span], 2)
        piece = np.where(np.isnan(piece), 0.0, piece)
        scale = np.sqrt((piece**2).mean(axis=0))
        piece = piece[:, scale > 0] / scale[scale > 0]
        if not piece.shape[1]:
            continue
        begun, ended = (np.fft.rfft(taper * end, size, axis=0) for end in (piece[:part], piece[-part:]))
        power = (np.abs(begun) ** 2).sum(axis=1) * (np.abs(ended) ** 2).sum(axis=1)
        found[0] += (turn[:, None] * begun.conj() * ended).real.sum(axis=1) / np.sqrt(np.maximum(power, 1e-300))
        # Variables that go together are no more witnesses than one.
        found[1] += ((piece.T @ piece / span) ** 2).sum() / (2.0 * piece.shape[1] ** 2)
    return found


def _seasons(signs: Signs, known: tuple[float, ...]) -> tuple[float, ...]:
    """Return the periods known, those that prove to be none or others mended, with one more that stands out."""
    if not signs.foretold[1].any():
        return known
    size, cycle = _transform_size(signs.span), _transform_size(signs.span) / signs.span
    height = signs.foretold[0] / np.sqrt(np.maximum(signs.foretold[1], 1e-300))
    height[: int(np.ceil(_SLOWEST * cycle))] = -np.inf
    place, hidden, found = np.arange(len(height)), np.zeros(len(height), dtype=np.bool_), []
    for period in known:
        for harmonic in range(1, preprocessing.HARMONICS + 1):
            hidden |= np.abs(place - harmonic * size / period) < _NEARBY * cycle
        itself = np.where(np.abs(place - size / period) < _SAME * cycle, height, -np.inf)
        if signs.bends[-1].max(initial=0.0) > _PROVEN and itself.max() < _FADED:
            continue
        refined = _peak(itself, size)
        astray = refined is not None and np.pi * signs.span * abs(1.0 / refined - 1.0 / period) > _ASTRAY
        found.append(refined if refined is not None and astray else period)
    more = _peak(np.where(hidden, -np.inf, height), size) if len(known) < _MOST_SEASONS else None
    return (*found, *(() if more is None else (more,)))


def _peak(height: Floats, size: int) -> float | None:
    """Return the period at the highest place, if it is high enough: a whole number where that does about as well."""
    best = int(height.argmax())
    if height[best] < _CLEAR:
        return None
    if best + 1 >= len(height) or not np.isfinite(height[best - 1 : best + 2]).all():
        return size / best
    before, top, after = height[best - 1 : best + 2]
    bend, slope = (before + after) / 2.0 - top, (after - before) / 2.0
    shift = -slope / (2.0 * bend) if bend < 0 else 0.0
    whole = max(round(size / (best + shift)), 2)
    aside = size / whole - best
    as_well = top + slope * aside + bend * aside**2 >= _AS_WELL * (top + slope * shift + bend * shift**2)
    return float(whole) if as_well and abs(aside) <= 1.0 else float(size / (best + shift))


def _bend(values: Floats) -> Floats:
    """Return what one window adds to `Signs.bends`."""
    there = ~np.isnan(values)
    seen = there.sum(axis=0)
    level = np.where(there, values, 0.0).sum(axis=0) / np.maximum(seen, 1)
    tilt, bow = preprocessing.polynomials(len(values), 2)[:, 1:].T @ np.where(there, values - level, 0.0)
    left = np.where(there, preprocessing.without_trend(values, 2), 0.0)
    squares, neighbors = (left**2).sum(axis=0), (left[1:] * left[:-1]).sum(axis=0)
    one = np.ones(len(seen))
    return np.stack([seen, squares, neighbors, seen * level, seen * level**2, tilt, bow, tilt**2 + bow**2, one])


def _degrees(signs: Signs) -> Ints:
    """Return of which degree a polynomial stands out in each variable, if any does.

    It is compared with what a stationary series of the same first autocorrelation would show: a long-run variance of
    (1 + r) / (1 - r) times that of independent rows. The trend taken out makes r smaller (Kendall 1954, for the mean).
    """
    rows, rest, neighbors, levels, squares, tilts, bows, bends, windows = signs.bends
    if not len(windows) or windows[0] < _FEWEST_WINDOWS * _MOST_CORRELATED:
        return np.full(len(rows), -1)
    long = rows / windows
    correlation = (neighbors / np.maximum(rest, 1e-300) + 3.0 / long) / (1.0 - 5.0 / long)
    correlation = np.clip(correlation, 0.0, _MOST_CORRELATED)
    chance = rest / np.maximum(rows - 3.0 * windows, 1.0) * (1.0 + correlation) / (1.0 - correlation)
    chance = np.maximum(chance, 1e-300) * (1.0 + _WORTH_IT * correlation)
    apart = _beyond((squares - levels**2 / np.maximum(rows, 1.0)) / chance, windows - 1.0)
    bent = _beyond(bends / chance, 2.0 * windows) | _beyond((tilts**2 + bows**2) / windows / chance, 2.0)
    return np.where(bent, 2, np.where(apart, 0, -1))


def _beyond(ratio: Floats, freedom: Floats | float) -> Flags:
    return np.asarray(stats.chi2.sf(ratio, freedom) < _CHANCE)


def _walk(values: Floats) -> Floats:
    """Return each variable's Dickey-Fuller statistics, without and with a trend."""
    found = np.full((2, values.shape[1]), -np.inf)
    for place, column in enumerate(values.T):
        seen = column[~np.isnan(column)]
        if len(seen) >= _FEWEST_ROWS and np.ptp(seen) > 0:
            found[:, place] = [preprocessing.dickey_fuller(seen, degree) for degree in (0, 2)]
    return found


def _wandering(signs: Signs) -> Flags:
    if signs.walked != _walks(signs):
        return np.zeros(signs.walks.shape[1], dtype=np.bool_)
    return preprocessing.wanders(signs.walks / signs.walked, signs.walked)
