"""Making a series fit for regression: trends, seasons, unit roots and spikes are found, treated and reported.

A season that variables share makes half of all accepted edges false; taken out, next to none. Finding one that is not
there costs two degrees of freedom, so the search leans to treating.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.causal import seasons
from core.workloads.causal.arrays import Flags, Floats
from core.workloads.causal.series import Series

_SPIKE = 8.0
_MAD_TO_SD = 1.4826
_TREND_LEVEL = 7.0
"""Half of a chi-squared statistic with two degrees of freedom: chance exceeds it once in a thousand series."""
_FEWEST_ROWS = 60
_HARMONICS = 3
_DICKEY_FULLER_LIMITS = {0: -2.86, 2: -3.83}
"""5 % points of the Dickey-Fuller t statistic, by the degree of the trend in the regression (MacKinnon 2010)."""


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
    one = len(series.lengths) == 1
    if how == "auto":
        values = _clip(values, series.names, report)
        if one and len(values) >= _FEWEST_ROWS:
            values, observed = _difference(values, observed, series.names, report)
            values = _take_out(values, observed, series.names, report)
    elif isinstance(how, dict):
        basis = _basis(len(values), list(how["seasons"]), _HARMONICS, detrend=how["detrend"])
        values = _residuals(values, observed, basis)
        report["trend"] = list(series.names) if how["detrend"] else []
        report["seasons"] = [float(period) for period in how["seasons"]]
    mean, scale = _moments(values, observed)
    values = np.where(observed, (values - mean) / scale, 0.0)
    return Treated(series.names, values, observed, scale * unit, series.lengths, report)


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


def _take_out(values: Floats, observed: Flags, names: tuple[str, ...], report: dict[str, Any]) -> Floats:
    """Take out trends of the variables that have one, and the seasons that they share."""
    rows = len(values)
    trend = _basis(rows, [], 0, detrend=True)
    flat = _residuals(values, observed, trend)
    periods = seasons.find(flat, observed)
    bent = _residuals(values, observed, _basis(rows, periods, 1, detrend=True))
    straight = _residuals(values, observed, _basis(rows, periods, 1, detrend=False))
    trending = _trending(straight, bent, observed)
    report["trend"] = [name for name, flag in zip(names, trending, strict=True) if flag]
    report["seasons"] = [round(period, 4) for period in periods]
    return np.where(trending, bent, straight)


def _trending(straight: Floats, bent: Floats, observed: Flags) -> Flags:
    """Tell which variables have a trend that their own persistence does not explain.

    The variance that the trend explains is compared with what a stationary series of the same first autocorrelation
    would show by chance: a long-run variance of (1 + r) / (1 - r) times that of independent rows.
    """
    count = observed.sum(axis=0)
    whole, left = (np.where(observed, part, 0.0) for part in (straight, bent))
    explained = (whole**2).sum(axis=0) - (left**2).sum(axis=0)
    variance = (left**2).sum(axis=0) / count
    correlation = (left[1:] * left[:-1]).sum(axis=0) / np.maximum((left**2).sum(axis=0), 1e-300)
    correlation = np.clip(correlation, 0.0, 0.98)
    chance = variance * (1.0 + correlation) / (1.0 - correlation)
    found: Flags = explained / np.maximum(chance, 1e-300) / 2.0 > _TREND_LEVEL
    return found


def _basis(rows: int, periods: list[float], harmonics: int, *, detrend: bool) -> Floats:
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
    """Regress each variable's observed values on the basis and keep what is left."""
    found = values.copy()
    if observed.all():
        orthogonal, _ = np.linalg.qr(basis)
        return found - orthogonal @ (orthogonal.T @ found)
    for place in range(values.shape[1]):
        seen = observed[:, place]
        coefficient = np.linalg.lstsq(basis[seen], values[seen, place], rcond=None)[0]
        found[:, place] -= basis @ coefficient
    return found


def _difference(
    values: Floats, observed: Flags, names: tuple[str, ...], report: dict[str, Any]
) -> tuple[Floats, Flags]:
    """Difference the variables that wander without return; their first row counts as missing then."""
    wandering = np.array(
        [
            all(dickey_fuller(column[seen], degree) > limit for degree, limit in _DICKEY_FULLER_LIMITS.items())
            for column, seen in zip(values.T, observed.T, strict=True)
        ]
    )
    report["differenced"] = [name for name, flag in zip(names, wandering, strict=True) if flag]
    if not wandering.any():
        return values, observed
    step = np.diff(values, axis=0, prepend=values[:1])
    both = observed & np.vstack([np.zeros((1, len(names)), dtype=np.bool_), observed[:-1]])
    return np.where(wandering, step, values), np.where(wandering, both, observed)


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
