"""From regressions and resamples to edges: effects in the units of the series, intervals, verdicts, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from core.workloads.causal import resampling
from core.workloads.causal.arrays import Floats
from core.workloads.causal.fitting import Fit
from core.workloads.causal.layers import Layer
from core.workloads.causal.resampling import Tally
from core.workloads.causal.study import Study

MOST_EDGES = 2_000
_CONFIDENCE = 0.975
_FEW_ROWS = 100
_ORDER = {"accepted": 0, "unstable": 1, "not significant": 2}

Edge = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """Estimates of one target's candidates in standard units, with half-sample standard errors: (candidates,) each."""

    effect: Floats
    error: Floats
    reach: float
    """Standard errors to either side of a 95 % interval."""


def intervals(fit: Fit, tally: Tally, blocks: int) -> Interval:
    """Return a target's effects with standard errors from how the half-samples scatter.

    A half-sample's deviation from the whole has the variance of the whole's own error: a sample of n / 2 from n
    without replacement has (1 - 1/2) / (n / 2) = 1 / n of the variance of one row.
    """
    count = len(fit.candidates)
    scatter = np.sqrt(tally.squares[fit.target, :count] / tally.resamples) / resampling.FIXED_POINT
    freedom = max(min(blocks - 1, fit.rows - fit.chosen - 1), 2)
    return Interval(fit.coefficient, scatter * fit.error, float(stats.t.ppf(_CONFIDENCE, freedom)))


def edges(study: Study, tallies: Sequence[Tally], params: Mapping[str, Any], blocks: int) -> list[Edge]:
    """Describe every candidate that was looked at closely, accepted ones first, then by p."""
    found = [
        edge
        for layer, tally in zip(study.layers, tallies, strict=True)
        for fit in layer.regressions.fits
        for edge in _of_target(study, layer, tally, fit, params, blocks)
    ]
    found.sort(key=lambda edge: (_ORDER[edge["verdict"]], edge["p"], edge["target"], edge["source"], edge["lag"]))
    return found[:MOST_EDGES]


def own_lags(study: Study, tallies: Sequence[Tally], blocks: int) -> list[dict[str, Any]]:
    """Describe how each variable follows its own past."""
    past, tally = study.layers[0].regressions, tallies[0]
    found = []
    for fit in past.fits:
        interval = intervals(fit, tally, blocks)
        for place in range(fit.own):
            effect, reach = float(interval.effect[place]), float(interval.reach * interval.error[place])
            found.append(
                {
                    "variable": study.treated.names[fit.target],
                    "lag": int(past.columns.lag[fit.candidates[place]]),
                    "effect": effect,
                    "ci_low": effect - reach,
                    "ci_high": effect + reach,
                }
            )
    return found


def _of_target(
    study: Study, layer: Layer, tally: Tally, fit: Fit, params: Mapping[str, Any], blocks: int
) -> list[Edge]:
    part = layer.regressions
    interval = intervals(fit, tally, blocks)
    described = []
    for place, column in enumerate(fit.candidates):
        source = int(part.columns.first[column])
        if not part.tested[fit.target, column] or (part.within_row and source > fit.target):
            continue
        stability = _stability(part.within_row, tally, layer, fit, place, source)
        described.append(
            {
                **_names(study, fit.target, source, int(part.columns.lag[column])),
                **_effect(study, interval, place, fit.target, source),
                "p": float(layer.p[fit.target, column]),
                "q": float(layer.q[fit.target, column]),
                "stability": stability,
                "direction": 0.5 if part.within_row else 1.0,
                "kind": "undirected" if part.within_row else "lagged",
                "form": "linear",
                "verdict": _verdict(float(layer.q[fit.target, column]), stability, params),
                "warnings": ["too few rows"] if fit.rows < _FEW_ROWS else [],
            }
        )
    return described


def _names(study: Study, target: int, source: int, lag: int) -> Edge:
    return {"source": study.treated.names[source], "target": study.treated.names[target], "lag": lag}


def _effect(study: Study, interval: Interval, place: int, target: int, source: int) -> Edge:
    unit = float(study.treated.scale[target] / study.treated.scale[source])
    effect, reach = float(interval.effect[place]), float(interval.reach * interval.error[place])
    return {
        "effect": effect * unit,
        "effect_standardized": effect,
        "ci_low": (effect - reach) * unit,
        "ci_high": (effect + reach) * unit,
    }


def _stability(within_row: bool, tally: Tally, layer: Layer, fit: Fit, place: int, source: int) -> float:  # noqa: FBT001 - a fact, no switch
    """Return the share of half-samples that select a candidate; within the row, of both regressions on average."""
    share = tally.selected[fit.target, place] / tally.resamples
    if not within_row:
        return float(share)
    other = layer.regressions.fits[source]
    there = np.flatnonzero(other.candidates == fit.target)
    back = tally.selected[source, there[0]] / tally.resamples if len(there) else 0.0
    return float((share + back) / 2.0)


def _verdict(q: float, stability: float, params: Mapping[str, Any]) -> str:
    if q > params["q"]:
        return "not significant"
    return "accepted" if stability >= params["stability_threshold"] else "unstable"
