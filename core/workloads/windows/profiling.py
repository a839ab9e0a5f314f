"""`windows.profile`: what windows are like, and how far they are from a reference.

PSI is the population stability index over the reference's quantile bins; KS the two-sample statistic of Kolmogorov and
Smirnov, its p-value for as many independent rows as the autocorrelation leaves (Bartlett 1946); Wasserstein's distance
is in standard deviations of the reference.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from core.errors import Conflict
from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.frames import Series
from core.workloads.windows import spans
from core.workloads.windows.summaries import summarize

PSI_LARGE = 0.25
"""Beyond it a population counts as changed, by the usual rule of thumb."""
P_SMALL = 0.001
_LEAST_SHARE = 1e-4


class ProfileUnlike(Conflict):
    """Windows and reference have different variables."""

    code = "profile_unlike"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Profile the windows, and compare them with the reference if there is one."""
    series, windows = _series(params, params["series"], context)
    context.progress(0.3, "summarizing")
    told: dict[str, dict[str, Any]] = summarize(series.names, np.ascontiguousarray(series.values.T))
    for place, name in enumerate(series.names):
        told[name]["autocorrelation"] = _finite(_lag_one(series.values[:, place]))
    reference = _reference(params, context)
    if reference is None:
        return _result(series, windows, told, {})
    if reference.names != series.names:
        raise ProfileUnlike
    context.progress(0.6, "comparing")
    drift = {
        name: compare(series.values[:, place], reference.values[:, place], params["bins"])
        for place, name in enumerate(series.names)
    }
    return _result(series, windows, told, drift)


def compare(values: NDArray[np.float64], reference: NDArray[np.float64], bins: int) -> dict[str, Any]:
    """Compare one variable's values with a reference; missing ones are told, and else left out."""
    new, old = values[np.isfinite(values)], reference[np.isfinite(reference)]
    missing = {
        "missing_before": float(np.mean(~np.isfinite(reference))),
        "missing": float(np.mean(~np.isfinite(values))),
    }
    if min(len(new), len(old)) <= 1:
        return {"psi": None, "ks": None, "ks_p": None, "wasserstein": None, **missing}
    statistic = float(stats.ks_2samp(new, old).statistic)
    size = _effective(values, new) * _effective(reference, old)
    size /= _effective(values, new) + _effective(reference, old)
    spread = float(old.std()) or 1.0
    return {
        "psi": round(psi(new, old, bins), 6),
        "ks": round(statistic, 6),
        "ks_p": float(stats.kstwobign.sf(statistic * math.sqrt(size))),
        "wasserstein": round(float(stats.wasserstein_distance(new, old)) / spread, 6),
        **missing,
    }


def psi(values: NDArray[np.float64], reference: NDArray[np.float64], bins: int) -> float:
    """Return the population stability index: sum of (p - q) ln(p / q) over the reference's quantile bins."""
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1]))
    count = len(edges) + 1
    shares = [
        np.maximum(np.bincount(np.searchsorted(edges, some, side="left"), minlength=count) / len(some), _LEAST_SHARE)
        for some in (values, reference)
    ]
    return float(np.sum((shares[0] - shares[1]) * np.log(shares[0] / shares[1])))


def _effective(series: NDArray[np.float64], finite: NDArray[np.float64]) -> float:
    correlation = min(0.99, max(0.0, _lag_one(series)))
    return max(2.0, len(finite) * (1 - correlation) / (1 + correlation))


def _lag_one(series: NDArray[np.float64]) -> float:
    centred = series - np.nanmean(series) if np.isfinite(series).any() else series
    both = np.isfinite(centred[1:]) & np.isfinite(centred[:-1])
    total = float(np.nansum(centred**2))
    if total <= 0 or not both.any():
        return 0.0
    return float(np.sum(centred[1:][both] * centred[:-1][both]) / total)


def _series(params: Mapping[str, Any], inline: Any, context: JobContext) -> tuple[Series, int]:
    if inline is not None:
        return spans.read_inline(inline), 1
    read = list(spans.read(params, context))
    return frames.join(read), len(read)


def _reference(params: Mapping[str, Any], context: JobContext) -> Series | None:
    if params["reference_series"] is not None:
        return spans.read_inline(params["reference_series"])
    if params["reference"] is None:
        return None
    return frames.join(spans.read({**params["reference"], "domain": params["domain"]}, context))


def _result(
    series: Series, windows: int, told: Mapping[str, dict[str, Any]], drift: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    surely = [
        name
        for name, one in drift.items()
        if one["psi"] is not None and one["psi"] > PSI_LARGE and one["ks_p"] < P_SMALL
    ]
    scores = [one["psi"] for one in drift.values() if one["psi"] is not None]
    return {
        "rows": len(series.values),
        "windows": windows,
        "variables": {name: {**one, "drift": drift.get(name)} for name, one in told.items()},
        "drift_score": max(scores, default=None),
        "drifted": surely,
    }


def _finite(value: float) -> float:
    return round(value, 6) if math.isfinite(value) else 0.0
