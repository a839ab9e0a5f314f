"""From regressions and resamples to edges: effects in the units of the series, intervals, verdicts, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from core.workloads.causal import resampling
from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.features import FORMS, LINEAR
from core.workloads.causal.fitting import Fit
from core.workloads.causal.layers import Layer
from core.workloads.causal.resampling import Tally
from core.workloads.causal.study import Study

MOST_EDGES = 2_000
_CONFIDENCE = 0.975
_FEW_ROWS = 100
_FADES = 1.0
"""An effect of which the t value falls by more than this beside the row's neighbors may stand for a hidden cause."""
_ORDER = {"accepted": 0, "unstable": 1, "not significant": 2}

Edge = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """Estimates of one target's candidates in standard units, with 95 % intervals: (candidates,) each."""

    effect: Floats
    low: Floats
    high: Floats

    def spanning(self, candidates: Ints, other: "Interval", others: Ints) -> "Interval":
        """Return intervals that hold those of another regression, too, whose candidates are `others`."""
        _, mine, theirs = np.intersect1d(candidates, others, return_indices=True)
        low, high = self.low.copy(), self.high.copy()
        low[mine] = np.minimum(low[mine], other.low[theirs])
        high[mine] = np.maximum(high[mine], other.high[theirs])
        return Interval(self.effect, low, high)


def intervals(study: Study, tallies: Sequence[Tally], number: int, blocks: int) -> list[Interval]:
    """Return the effects of one layer's targets, with intervals from how the half-samples scatter.

    Which of the two is right of a target that moves with others within the row, the regression on the past alone or
    that beside its neighbors, a hidden cause decides: the interval spans both.
    """
    layer, tally = study.layers[number], tallies[number]
    found = [_interval(fit, tally, place, blocks) for place, fit in enumerate(layer.regressions.fits)]
    if study.beside is not None and not layer.regressions.within_row:
        for place, fit in enumerate(study.beside.regressions.fits):
            own = layer.regressions.fits[fit.target]
            other = _interval(fit, tallies[-1], place, blocks)
            found[fit.target] = found[fit.target].spanning(own.candidates, other, fit.candidates)
    return found


def _interval(fit: Fit, tally: Tally, place: int, blocks: int) -> Interval:
    """Return one regression's effects; it stands at this place of the tally.

    A half-sample's deviation from the whole has the variance of the whole's own error: a sample of n / 2 from n
    without replacement has (1 - 1/2) / (n / 2) = 1 / n of the variance of one row.
    """
    count = len(fit.candidates)
    scatter = np.sqrt(tally.squares[place, :count] / tally.resamples) / resampling.FIXED_POINT
    freedom = max(min(blocks - 1, fit.rows - fit.chosen - 1), 2)
    reach = float(stats.t.ppf(_CONFIDENCE, freedom)) * scatter * fit.error
    return Interval(fit.coefficient, fit.coefficient - reach, fit.coefficient + reach)


def edges(study: Study, tallies: Sequence[Tally], params: Mapping[str, Any], blocks: int) -> list[Edge]:
    """Describe every candidate that was looked at closely, accepted ones first, then by p."""
    found = [
        edge
        for number, layer in enumerate(study.layers)
        for interval, fit in zip(intervals(study, tallies, number, blocks), layer.regressions.fits, strict=True)
        for edge in _of_target(study, layer, tallies[number], fit, interval)
    ]
    beside = _beside(study, tallies[-1]) if study.beside is not None else {}
    place = {name: number for number, name in enumerate(study.treated.names)}
    for edge in found:
        key = (place[edge["target"]], place[edge["source"]], edge["lag"])
        if edge["lag"]:
            edge["stability"] = min(edge["stability"], beside.get(key, 1.0))
        edge["verdict"] = _verdict(edge["q"], edge["stability"], params)
    found.sort(key=lambda edge: (_ORDER[edge["verdict"]], edge["p"], edge["target"], edge["source"], edge["lag"]))
    return found[:MOST_EDGES]


def own_lags(study: Study, tallies: Sequence[Tally], blocks: int) -> list[dict[str, Any]]:
    """Describe how each variable follows its own past."""
    past = study.layers[0].regressions
    return [
        {
            "variable": study.treated.names[fit.target],
            "lag": int(past.columns.lag[fit.candidates[place]]),
            "effect": float(interval.effect[place]),
            "ci_low": float(interval.low[place]),
            "ci_high": float(interval.high[place]),
        }
        for fit, interval in zip(past.fits, intervals(study, tallies, 0, blocks), strict=True)
        for place in range(fit.own)
    ]


def _of_target(study: Study, layer: Layer, tally: Tally, fit: Fit, interval: Interval) -> list[Edge]:
    part = layer.regressions
    linked = part.links[fit.target]
    described = []
    for number in range(len(linked.source)):
        source, lag = int(linked.source[number]), int(linked.lag[number])
        place = _best(layer, fit, linked.members[:, number])
        if place is None or source == fit.target or (part.within_row and source > fit.target):
            continue
        column = fit.candidates[place]
        form = int(part.columns.form[column])
        described.append(
            {
                "source": study.treated.names[source],
                "target": study.treated.names[fit.target],
                "lag": lag,
                **_effect(study, interval, place, fit.target, source if form == LINEAR else None),
                "p": float(layer.p[fit.target, column]),
                "q": float(layer.q[fit.target, column]),
                "direction": 0.5 if part.within_row else 1.0,
                "kind": "undirected" if part.within_row else "lagged",
                "form": FORMS[form],
                "warnings": _warnings(layer, fit, column),
            }
        )
        described[-1]["stability"] = _stability(layer, tally, fit.target, source, number)
    return described


def _best(layer: Layer, fit: Fit, members: Floats) -> int | None:
    """Return which of an edge's candidates speaks for it: that with the least q, then p; None where none is tested."""
    able = np.flatnonzero((members > 0) & layer.regressions.tested[fit.target, fit.candidates])
    if not len(able):
        return None
    columns = fit.candidates[able]
    return int(able[np.lexsort((layer.p[fit.target, columns], layer.q[fit.target, columns]))[0]])


def _effect(study: Study, interval: Interval, place: int, target: int, source: int | None) -> Edge:
    """Return an effect in the units of the series; of a shape that is no variable, for one standard deviation of it."""
    unit = float(study.treated.scale[target] / (1.0 if source is None else study.treated.scale[source]))
    effect = float(interval.effect[place])
    return {
        "effect": effect * unit,
        "effect_standardized": effect,
        "ci_low": float(interval.low[place]) * unit,
        "ci_high": float(interval.high[place]) * unit,
    }


def _stability(layer: Layer, tally: Tally, target: int, source: int, number: int) -> float:
    """Return the share of half-samples that select an edge; within the row, of both regressions on average."""
    share = float(tally.selected[target, number]) / tally.resamples
    if not layer.regressions.within_row:
        return share
    back = np.flatnonzero(layer.regressions.links[source].source == target)
    return (share + (float(tally.selected[source, back[0]]) / tally.resamples if len(back) else 0.0)) / 2.0


def _beside(study: Study, tally: Tally) -> dict[tuple[int, int, int], float]:
    """Return stabilities beside the row's neighbors, by target, source and lag."""
    assert study.beside is not None
    part = study.beside.regressions
    return {
        (fit.target, int(source), int(lag)): float(tally.selected[place, number]) / tally.resamples
        for place, fit in enumerate(part.fits)
        for number, (source, lag) in enumerate(zip(part.links[place].source, part.links[place].lag, strict=True))
    }


def _warnings(layer: Layer, fit: Fit, column: int) -> list[str]:
    found = ["too few rows"] if fit.rows < _FEW_ROWS else []
    if not layer.regressions.within_row and abs(fit.t[column]) > abs(layer.regressions.t[fit.target, column]) + _FADES:
        found.append("hidden common cause suspected")
    return found


def _verdict(q: float, stability: float, params: Mapping[str, Any]) -> str:
    if q > params["q"]:
        return "not significant"
    return "accepted" if stability >= params["stability_threshold"] else "unstable"
