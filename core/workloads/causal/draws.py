"""The coefficients of every half-sample, for what is made of several of them together: paths and interventions."""

from dataclasses import dataclass

import numpy as np

from core.workloads.causal import halves, resampling
from core.workloads.causal.arrays import Floats
from core.workloads.causal.features import LINEAR
from core.workloads.causal.layers import Regressions
from core.workloads.causal.study import Study, blocks


@dataclass(frozen=True, slots=True)
class Draws:
    """Linear dynamics: those of the whole window, and of each half-sample; in standard units."""

    whole: Floats
    """(lags, variables, variables): [l - 1][i][j] is the effect of j on i, l rows later."""
    each: Floats
    """(resamples, lags, variables, variables)"""


def draw(study: Study, kept: frozenset[tuple[int, int, int]], *, key: int, resamples: int) -> Draws:
    """Compute the dynamics of the edges that are kept (source, target, lag) and of everybody's own past."""
    past = study.layers[0].regressions
    variables = len(study.treated.names)
    whole = np.zeros((study.max_lag, variables, variables))
    each = np.zeros((resamples, study.max_lag, variables, variables))
    block = blocks(study)
    for group in resampling.group_targets(past.fits, block):
        sums = resampling.sum_blocks(past.fits, group, past.lagged, block)
        for chunk in range(resampling.chunks(resamples)):
            rows = slice(chunk * halves.CHUNK, min((chunk + 1) * halves.CHUNK, resamples))
            found = resampling.coefficients(past.fits[group], sums, halves.masks(key, chunk, len(sums)))
            for place, target in enumerate(range(group.start, group.stop)):
                _fill(each[rows], whole, past, target, found[: rows.stop - rows.start, place], kept)
    return Draws(whole, each)


def _fill(
    each: Floats, whole: Floats, past: Regressions, target: int, found: Floats, kept: frozenset[tuple[int, int, int]]
) -> None:
    fit = past.fits[target]
    for place, column in enumerate(fit.candidates):
        source, lag = int(past.columns.first[column]), int(past.columns.lag[column])
        if past.columns.form[column] != LINEAR or not (place < fit.own or (source, target, lag) in kept):
            continue
        whole[lag - 1, target, source] = fit.coefficient[place]
        each[:, lag - 1, target, source] = found[:, place]


def quantiles(values: Floats, center: Floats) -> tuple[Floats, Floats]:
    """Return 95 % bounds of quantities of the draws: draws first, then any shape.

    The half-samples scatter about their own middle as the whole window's figure does about the truth.
    """
    spread = values.std(axis=0) * 1.96
    return center - spread, center + spread
