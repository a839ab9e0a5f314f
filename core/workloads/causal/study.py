"""A study: all that is known of a series before the first resample, the same wherever it is made anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.causal import (
    features,
    halves,
    independence,
    lag_choice,
    lagging,
    layers,
    preprocessing,
    regressions,
    resampling,
    slow_sampling,
    soundness,
)
from core.workloads.causal.arrays import Flags, Floats, Ints
from core.workloads.causal.independence.base import IndependenceTest
from core.workloads.causal.lagging import Design
from core.workloads.causal.layers import Layer, Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.regressions import Known
from core.workloads.causal.resampling import Tally
from core.workloads.causal.series import Series
from core.workloads.causal.slow_sampling import Together

_RATHER_THERE = 0.5


@dataclass(frozen=True, slots=True)
class Beside:
    """The regressions of targets that others move with in the same row, beside those; None of them is an edge."""

    regressions: Regressions
    penalty: Floats


@dataclass(frozen=True, slots=True)
class Study:
    """Everything but the resamples."""

    treated: Treated
    max_lag: int
    trajectory: Ints
    layers: list[Layer]
    """The past; and, where asked for, the present."""
    beside: Beside | None
    block_length: int
    thresholds: Floats
    """Of t: (forms, lags from 0 on)."""
    together: Together


def make(series: Series, params: Mapping[str, Any]) -> Study:
    """Check, treat and regress; raises `SeriesUnfit` where the series does not allow it."""
    soundness.check(series)
    test = independence.find(params["test"])
    treated = test.prepare(series, preprocessing.treat(series, params["preprocess"] if test.treats else "none"))
    max_lag = lag_choice.choose(treated, params["max_lag"])
    soundness.check_rows(series, max_lag)
    soundness.check_candidates(series, max_lag, params["max_candidates"])
    known = Known(treated.names, params["constraints"])
    design, past = _past(treated, max_lag, test, known)
    observed = treated.observed[design.at].astype(np.float64)
    strict = params["dependence"] == "any"
    parts, beside = [past], None
    if params["contemporaneous"]:
        parts.append(regressions.within_the_row(past.fits, observed, design.trajectory, known))
        neighbors = _neighbors(layers.judge(parts, max_lag, any_dependence=strict)[0][1], params["q"])
        if neighbors.any():
            beside = regressions.beside_neighbors(past, design, observed, neighbors, known)
            parts[0] = regressions.weaker(past, beside)
    judged, thresholds = layers.judge(parts, max_lag, any_dependence=strict)
    return Study(
        treated,
        max_lag,
        design.trajectory,
        judged,
        Beside(beside, layers.penalties(beside, thresholds)) if beside is not None else None,
        params["block_length"] or _block_length(past),
        thresholds,
        slow_sampling.measure(treated),
    )


def all_regressions(study: Study) -> list[tuple[Regressions, Floats]]:
    """Return all regressions that are resampled, with their penalties."""
    found = [(layer.regressions, layer.penalty) for layer in study.layers]
    return found if study.beside is None else [*found, (study.beside.regressions, study.beside.penalty)]


def _past(treated: Treated, max_lag: int, test: IndependenceTest, known: Known) -> tuple[Design, Regressions]:
    """Regress on the past: with linear effects, and again with others where there is evidence for them."""
    offered = features.linear(treated.values)
    design = lagging.lag_columns(offered, treated.values, treated.lengths, max_lag)
    observed = treated.observed[design.at].astype(np.float64)
    past = regressions.on_the_past(design, observed, known)
    more = test.offer(treated, max_lag, past)
    if len(more.form) == len(offered.form):
        return design, past
    design = lagging.lag_columns(more, treated.values, treated.lengths, max_lag)
    return design, regressions.on_the_past(design, observed, known)


def _neighbors(present: Layer, q: float) -> Flags:
    return (present.q <= q) & (present.null <= _RATHER_THERE)


def blocks(study: Study) -> Ints:
    """Return each row's block."""
    return halves.block_of_rows(study.trajectory, study.block_length)


def count_blocks(study: Study) -> int:
    """Return how many blocks the half-samples are drawn from."""
    return int(blocks(study)[-1]) + 1


def no_tallies(study: Study) -> list[Tally]:
    """Return all regressions' tallies of no resamples."""
    return [resampling.empty(part.fits, part.links) for part, _ in all_regressions(study)]


def _block_length(past: Regressions) -> int:
    """Choose the block length by the products of residuals and own past, whose dependence blocks have to keep."""
    scores = [past.lagged[:, fit.target] * fit.residual for fit in past.fits]
    return halves.block_length(np.column_stack(scores))
