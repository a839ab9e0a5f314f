"""Making a series fit for regression: trends, seasons, unit roots and spikes are found, treated and reported.

A season that variables share makes half of all accepted edges false; taken out, next to none. Finding one that is not
there costs two degrees of freedom, so the search leans to treating. All trajectories together show what is there; each
has its own taken out, since nothing tells how a season or trend goes on from one to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from core.workloads.causal import panels, seasons
from core.workloads.causal.arrays import Flags, Floats, Ints
from core.workloads.causal.series import Series

_SPIKE = 8.0
_MAD_TO_SD = 1.4826
_CHANCE = 1e-3
"""So often a trend, or levels that differ, are found in a variable without them."""
_WORTH_IT = 1.3
"""By so much has it to exceed what persistence shows, however many trajectories there are."""
FEWEST_ROWS = 60
"""Shorter trajectories tell nothing of trends and seasons."""
HARMONICS = 3
_DICKEY_FULLER = {0: (-1.53, -2.86), 2: (-2.61, -3.83)}
"""Mean and 5 % point of the Dickey-Fuller t statistic of a random walk, by the degree of the trend in the regression:
simulated, and of MacKinnon 2010."""
_MOST_WALKS = 30
"""More trajectories tell no better whether a variable wanders."""
_STILL = 1e-9
"""A variable that moves no more than this within trajectories, in standard deviations, is one only between them."""
_RANK = 1e-9


@dataclass(frozen=True, slots=True)
class Treated:
    """A series fit for regression: each variable of mean 0 and standard deviation 1."""

    names: tuple[str, ...]
    values: Floats
    """(rows, variables): 0 where missing."""
    observed: Flags
    scale: Floats
    """(variables,): one standard deviation of each treated variable, in the units of the series."""
    lengths: tuple[int, ...]
    report: dict[str, Any]


def treat(series: Series, how: str | dict[str, Any]) -> Treated:
    """Treat a series: `auto`, `none` or {detrend, seasons}."""
    observed = ~np.isnan(series.values)
    middle, unit = _moments(series.values, observed)
    values = (series.values - middle) / unit
    report: dict[str, Any] = {"trend": [], "seasons": [], "differenced": [], "spikes": {}, "missing": {}}
    missing = 1.0 - observed.mean(axis=0)
    report["missing"] = {name: float(share) for name, share in zip(series.names, missing, strict=True) if share > 0}
    if how == "auto":
        values = _clip(values, series.names, report)
        if max(series.lengths) >= FEWEST_ROWS:
            values, observed = _difference(values, observed, series, report)
            values = _take_out(values, observed, series, report)
    elif isinstance(how, dict):
        values = _without(values, observed, series.lengths, list(how["seasons"]), HARMONICS, detrend=how["detrend"])
        report["trend"] = list(series.names) if how["detrend"] else []
        report["seasons"] = [float(period) for period in how["seasons"]]
    mean, scale = _moments(values, observed)
    values = np.where(observed, (values - mean) / scale, 0.0)
    return Treated(series.names, values, observed, scale * unit, series.lengths, report)


def without_seasons(values: Floats, periods: Sequence[float]) -> Floats:
    """Take seasons of these periods, in rows, and the means out of (rows, variables); missing values stay missing."""
    if not periods:
        return values
    return _without(values, ~np.isnan(values), (len(values),), periods, HARMONICS, detrend=False)


def without_trend(values: Floats, degree: int) -> Floats:
    """Take a polynomial of this degree out of each column of (rows, variables); missing values stay missing."""
    return _residuals(values, ~np.isnan(values), polynomials(len(values), degree))


def polynomials(rows: int, degree: int) -> Floats:
    """Return orthonormal polynomials of the row's number: (rows, degree + 1), the constant first and positive."""
    found, upper = np.linalg.qr(np.vander(np.linspace(-1.0, 1.0, rows), degree + 1, increasing=True))
    return np.asarray(found * np.sign(np.diag(upper)), dtype=np.float64)


def _moments(values: Floats, observed: Flags) -> tuple[Floats, Floats]:
    count = observed.sum(axis=0)
    mean = np.where(observed, values, 0.0).sum(axis=0) / count
    square = np.where(observed, (values - mean) ** 2, 0.0).sum(axis=0) / count
    return mean, np.sqrt(square)


def _clip(values: Floats, names: tuple[str, ...], report: dict[str, Any]) -> Floats:
    """Bring single values beyond 8 robust standard deviations of their surroundings back to there."""
    middle = np.nanmedian(values, axis=0)
    step = np.nanmedian(np.abs(np.diff(values, axis=0)), axis=0) * _MAD_TO_SD
    around = np.nanmedian(np.abs(values - middle), axis=0) * _MAD_TO_SD
    reach = _SPIKE * np.maximum(around, step)
    reach = np.where(reach > 0, reach, np.inf)
    clipped = np.clip(values, middle - reach, middle + reach)
    count = np.sum((clipped != values) & ~np.isnan(values), axis=0)
    report["spikes"] = {name: int(many) for name, many in zip(names, count, strict=True) if many}
    return clipped


def _take_out(values: Floats, observed: Flags, series: Series, report: dict[str, Any]) -> Floats:
    """Take out trends of the variables that have one, levels where they differ, and the seasons that are shared."""
    lengths = series.lengths
    flat = _without(values, observed, lengths, [], 0, detrend=True)
    shown = [at for at in panels.by_length(lengths) if len(at) >= FEWEST_ROWS]
    periods = seasons.find([np.where(panels.laid_out(observed, at), panels.laid_out(flat, at), 0.0) for at in shown])
    bent = _without(values, observed, lengths, periods, 1, detrend=True)
    level = _without(values, observed, lengths, periods, 1, detrend=False)
    plain = level + values - _without(values, observed, lengths, [], 0, detrend=False)
    many = sum(at.shape[1] for at in shown)
    trending = _stands_out(level, bent, observed, shown, degree=2, freedom=2 * many)
    differing = _stands_out(plain, level, observed, shown, degree=0, freedom=many - 1)
    report["trend"] = [name for name, flag in zip(series.names, trending, strict=True) if flag]
    report["seasons"] = [round(period, 4) for period in periods]
    found = np.where(trending, bent, np.where(differing, level, plain))
    moving = np.ptp(np.where(observed, level, 0.0), axis=0) > _STILL
    return np.where(moving, found, values)


def _stands_out(
    whole: Floats, left: Floats, observed: Flags, shown: Sequence[Ints], *, degree: int, freedom: int
) -> Flags:
    """Tell of which variables chance and persistence do not explain what was taken out, of so many degrees of freedom.

    What it explains is compared with what a stationary series of the same first autocorrelation would show: a long-run
    variance of (1 + r) / (1 - r) times that of independent rows. A polynomial taken out of so few rows makes r smaller
    (Kendall 1954, for the mean).
    """
    if freedom < 1:
        return np.zeros(whole.shape[1], dtype=np.bool_)
    count, explained, rest, product = np.zeros((4, whole.shape[1]))
    whole, left = (np.where(observed, part, 0.0) for part in (whole, left))
    for at in shown:
        count += observed[at].sum(axis=(0, 1))
        rest += (left[at] ** 2).sum(axis=(0, 1))
        explained += (whole[at] ** 2).sum(axis=(0, 1)) - (left[at] ** 2).sum(axis=(0, 1))
        product += (left[at[1:]] * left[at[:-1]]).sum(axis=(0, 1))
    rows = sum(at.size for at in shown) / sum(at.shape[1] for at in shown)
    correlation = (product / np.maximum(rest, 1e-300) + (degree + 1) / rows) / (1.0 - (degree + 3) / rows)
    correlation = np.clip(correlation, 0.0, 0.98)
    chance = rest / np.maximum(count, 1.0) * (1.0 + correlation) / (1.0 - correlation)
    ratio = explained / np.maximum(chance, 1e-300)
    found: Flags = (stats.chi2.sf(ratio, freedom) < _CHANCE) & (ratio > _WORTH_IT * freedom)
    return found


def _without(
    values: Floats, observed: Flags, lengths: Sequence[int], periods: Sequence[float], harmonics: int, *, detrend: bool
) -> Floats:
    """Take each trajectory's mean, waves of these periods, and its quadratic trend where asked for, out of it."""
    found = np.empty_like(values)
    for at in panels.by_length(lengths):
        basis = _basis(len(at), periods, harmonics, detrend=detrend)
        panels.put_back(found, at, _residuals(panels.laid_out(values, at), panels.laid_out(observed, at), basis))
    return found


def _basis(rows: int, periods: Sequence[float], harmonics: int, *, detrend: bool) -> Floats:
    time = np.arange(rows, dtype=np.float64)
    unit = 2.0 * time / max(rows - 1, 1) - 1.0
    columns = [np.ones(rows)]
    if detrend:
        columns += [unit, unit**2]
    for period in periods:
        for harmonic in range(1, harmonics + 1):
            if period / harmonic >= 2.0:  # noqa: PLR2004 - nothing is faster than every other row
                angle = 2.0 * np.pi * harmonic * time / period
                columns += [np.cos(angle), np.sin(angle)]
    return np.column_stack(columns)


def _residuals(values: Floats, observed: Flags, basis: Floats) -> Floats:
    """Regress each column's observed values on the basis and keep what is left."""
    orthogonal, _ = np.linalg.qr(basis)
    if observed.all():
        return np.asarray(values - orthogonal @ (orthogonal.T @ values), dtype=np.float64)
    size = orthogonal.shape[1]
    squares = (orthogonal[:, :, None] * orthogonal[:, None, :]).reshape(len(basis), -1)
    grams = (observed.T @ squares).reshape(-1, size, size)
    products = np.where(observed, values, 0.0).T @ orthogonal
    coefficients = np.einsum("cij,cj->ci", np.linalg.pinv(grams, rcond=_RANK, hermitian=True), products)
    return np.asarray(values - orthogonal @ coefficients.T, dtype=np.float64)


def _difference(values: Floats, observed: Flags, series: Series, report: dict[str, Any]) -> tuple[Floats, Flags]:
    """Difference the variables that wander without return; each trajectory's first row counts as missing then."""
    starts = np.cumsum([0, *series.lengths[:-1]])
    long = [(first, rows) for first, rows in zip(starts, series.lengths, strict=True) if rows >= FEWEST_ROWS]
    shown = [slice(first, first + rows) for first, rows in long[:: -(-len(long) // _MOST_WALKS)]]
    wandering = np.array([_wanders(values[:, place], observed[:, place], shown) for place in range(values.shape[1])])
    report["differenced"] = [name for name, flag in zip(series.names, wandering, strict=True) if flag]
    if not wandering.any():
        return values, observed
    step = np.diff(values, axis=0, prepend=values[:1])
    both = observed & np.vstack([np.zeros((1, len(wandering)), dtype=np.bool_), observed[:-1]])
    both[starts] = False
    return np.where(wandering, step, values), np.where(wandering, both, observed)


def _wanders(column: Floats, observed: Flags, shown: Sequence[slice]) -> bool:
    """Tell whether no mean of Dickey-Fuller statistics speaks against a unit root (Im, Pesaran and Shin 2003)."""
    seen = [column[part][observed[part]] for part in shown]
    seen = [part for part in seen if len(part) >= FEWEST_ROWS // 2]
    if not seen:
        return False
    means = [float(np.mean([dickey_fuller(part, degree) for part in seen])) for degree in _DICKEY_FULLER]
    return bool(wanders(np.array(means), len(seen)))


def wanders(means: Floats, many: int) -> Flags:
    """Tell where means over so many Dickey-Fuller statistics, without and with a trend (2, any), allow a unit root."""
    limits = [middle + (limit - middle) / np.sqrt(many) for middle, limit in _DICKEY_FULLER.values()]
    flat, bent = (np.asarray(mean > limit, dtype=np.bool_) for mean, limit in zip(means, limits, strict=True))
    return flat & bent


def dickey_fuller(column: Floats, degree: int, lags: int = 2) -> float:
    """Return the augmented Dickey-Fuller t statistic with a polynomial trend (Said and Dickey 1984)."""
    step = np.diff(column)
    now = step[lags:]
    past = [step[lags - lag : len(step) - lag] for lag in range(1, lags + 1)]
    trend = np.vander(np.linspace(-1.0, 1.0, len(now)), degree + 1)
    design = np.column_stack([column[lags:-1], trend, *past])
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    coefficient = inverse @ (design.T @ now)
    residual = now - design @ coefficient
    spread = float(residual @ residual) / max(len(now) - design.shape[1], 1) * inverse[0, 0]
    return float(coefficient[0] / np.sqrt(spread)) if spread > 0 else -np.inf
