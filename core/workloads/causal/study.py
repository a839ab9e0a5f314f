"""A study: all that is known of a series before the first resample, the same wherever it is made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.causal import fitting, halves, knowledge, lagging, layers, preprocessing, resampling, soundness
from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.fitting import Fit
from core.workloads.causal.lagging import Columns, Design
from core.workloads.causal.layers import Layer, Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.resampling import BlockSums, Tally
from core.workloads.causal.series import Series

_SHORTEST_LAG, _LONGEST_LAG = 2, 5
_ROWS_PER_LAG = 10


@dataclass(frozen=True, slots=True)
class Study:
    """Everything but the resamples."""

    treated: Treated
    max_lag: int
    trajectory: Ints
    layers: list[Layer]
    """The past; and, where asked for, the present."""
    block_length: int
    thresholds: Floats
    """Of t, by lag from 0 on."""


def make(series: Series, params: Mapping[str, Any]) -> Study:
    """Check, treat and regress; raises `SeriesInvalid` where the series does not allow it."""
    soundness.check(series)
    treated = preprocessing.treat(series, params["preprocess"])
    max_lag = _choose_lag(treated, params["max_lag"])
    soundness.check_rows(series, max_lag)
    soundness.check_candidates(series, max_lag, params["max_candidates"])
    design = lagging.lag_columns(treated.values, treated.lengths, max_lag)
    observed = treated.observed[design.at].astype(np.float64)
    parts = [_past(design, observed, params["constraints"], treated.names)]
    if params["contemporaneous"]:
        parts.append(_present(parts[0].fits, observed, params["constraints"], treated.names))
    judged, thresholds = layers.judge(parts, max_lag + 1, any_dependence=params["dependence"] == "any")
    length = params["block_length"] or _block_length(parts[0])
    return Study(treated, max_lag, design.trajectory, judged, length, thresholds)


def sum_blocks(study: Study) -> list[list[BlockSums]]:
    """Sum products over blocks, for each layer: what resamples are made of."""
    block = halves.block_of_rows(study.trajectory, study.block_length)
    parts = [layer.regressions for layer in study.layers]
    return [resampling.sum_blocks(part.fits, part.lagged, block) for part in parts]


def no_tallies(study: Study) -> list[Tally]:
    """Return each layer's tally of no resamples."""
    return [resampling.empty(layer.regressions.fits, layer.penalty.shape[1]) for layer in study.layers]


def _choose_lag(treated: Treated, wanted: int | str) -> int:
    """Choose the longest lag: generously where rows abound, since lags without effects cost little."""
    if isinstance(wanted, int):
        return wanted
    generous = -(-len(treated.values) // (_ROWS_PER_LAG * len(treated.names)))
    return max(_SHORTEST_LAG, min(_LONGEST_LAG, generous))


def _past(design: Design, observed: Floats, constraints: Mapping[str, Any], names: Sequence[str]) -> Regressions:
    variables = len(names)
    lagged = design.lagged - design.lagged.mean(axis=0)
    present = design.present - (design.present * observed).sum(axis=0) / observed.sum(axis=0)
    own = np.arange(variables)[:, None] + variables * np.arange(design.columns.lag.max())
    allowed = knowledge.allowed_columns(constraints, names, design.columns)
    required = knowledge.required_columns(constraints, names, design.columns)
    fits = fitting.fit_all(lagged, present, observed, own, allowed, required)
    tested = allowed & (design.columns.first != np.arange(variables)[:, None])
    return Regressions(design.columns, lagged, fits, tested, required)


def _present(
    fits: Sequence[Fit], observed: Floats, constraints: Mapping[str, Any], names: Sequence[str]
) -> Regressions:
    """Regress what the past leaves of each variable on what it leaves of the others."""
    residual = np.column_stack([fit.residual for fit in fits])
    everyone, none = np.arange(len(fits)), np.zeros(len(fits), dtype=np.int64)
    columns = Columns(everyone, everyone, none, none)
    allowed = knowledge.allowed_columns(constraints, names, columns)
    allowed = (allowed | allowed.T) & ~np.eye(len(fits), dtype=np.bool_)
    within = {"required": [edge for edge in constraints["required"] if edge["lag"] == 0]}
    required = knowledge.required_columns(within, names, columns)
    own = np.zeros((len(fits), 0), dtype=np.int64)
    return Regressions(
        columns, residual, fitting.fit_all(residual, residual, observed, own, allowed, required), allowed, required
    )


def _block_length(past: Regressions) -> int:
    """Choose the block length by the products of residuals and own past, whose dependence blocks have to keep."""
    scores = [past.lagged[:, fit.target] * fit.residual for fit in past.fits]
    return halves.block_length(np.column_stack(scores))
