"""Layers of regressions, on the past and within the row, and what all their t values say together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal import evidence, forward
from core.workloads.causal.arrays import Flags, Floats, Ints
from core.workloads.causal.features import FORMS
from core.workloads.causal.fitting import Fit
from core.workloads.causal.lagging import Columns
from core.workloads.causal.links import Links

_EASE = 0.4
"""A half-sample's threshold is lower by this much t: then six in ten select what the window has at its threshold."""
_LOWEST_T = 2.4


@dataclass(frozen=True, slots=True)
class Regressions:
    """One regression for each variable."""

    columns: Columns
    lagged: Floats
    """(rows, columns), centered."""
    fits: list[Fit]
    t: Floats
    """(fits, columns)"""
    allowed: Flags
    """(variables, columns): what a model may take."""
    tested: Flags
    """(variables, columns): the candidates for edges."""
    required: Flags
    """(variables, columns): what a model has to take."""
    links: list[Links]

    @property
    def within_row(self) -> bool:
        """Tell whether the columns are of the same row as the response: then edges have no direction by themselves."""
        return not self.columns.lag.any()


@dataclass(frozen=True, slots=True)
class Layer:
    """Regressions with what was made of their t values; arrays are (variables, columns) unless told otherwise."""

    regressions: Regressions
    p: Floats
    q: Floats
    null: Floats
    """Local false discovery rate."""
    penalty: Floats
    """(variables, candidates): what a squared t value in a half-sample has to exceed."""


def judge(parts: Sequence[Regressions], max_lag: int, *, any_dependence: bool) -> tuple[list[Layer], Floats]:
    """Weigh the candidates of all layers together, in groups by lag and form.

    Returns the layers and the thresholds of t: (forms, lags from 0 on).
    """
    counted = [np.triu(part.tested, 1) if part.within_row else part.tested for part in parts]
    found = evidence.weigh(
        np.concatenate([part.t[once] for part, once in zip(parts, counted, strict=True)]),
        np.concatenate([_freedom(part)[once] for part, once in zip(parts, counted, strict=True)]),
        np.concatenate([_groups(part, max_lag)[once] for part, once in zip(parts, counted, strict=True)]),
        (max_lag + 1) * len(FORMS),
        any_dependence=any_dependence,
    )
    layers, first = [], 0
    for part, once in zip(parts, counted, strict=True):
        there = slice(first, first + int(once.sum()))
        p, q, null = (_spread(part, once, what[there]) for what in (found.p, found.q, found.null))
        layers.append(Layer(part, p, q, null, penalties(part, found.threshold.reshape(len(FORMS), max_lag + 1))))
        first = there.stop
    return layers, found.threshold.reshape(len(FORMS), max_lag + 1)


def _freedom(part: Regressions) -> Floats:
    degrees = np.array([max(fit.rows - fit.chosen - 1.0, 1.0) for fit in part.fits])
    return np.broadcast_to(degrees[:, None], part.tested.shape)


def _groups(part: Regressions, max_lag: int) -> Ints:
    return np.broadcast_to(part.columns.lag + (max_lag + 1) * part.columns.form, part.tested.shape)


def _spread(part: Regressions, once: Flags, values: Floats) -> Floats:
    """Put values back where they belong, 1 elsewhere; a pair within the row has the same both ways."""
    table = np.ones(once.shape)
    table[once] = values
    return np.minimum(table, table.T) if part.within_row else table


def penalties(part: Regressions, threshold: Floats) -> Floats:
    """Return each candidate's penalty in a half-sample, which has half of the whole's squared t value.

    `threshold` is (forms, lags from 0 on); the result (fits, candidates).
    """
    eased = (np.maximum(threshold - _EASE, _LOWEST_T) ** 2 / 2.0)[part.columns.form, part.columns.lag]
    table = np.full((len(part.fits), max(len(fit.candidates) for fit in part.fits)), forward.NEVER)
    for row, fit in zip(table, part.fits, strict=True):
        may, must = part.allowed[fit.target, fit.candidates], part.required[fit.target, fit.candidates]
        row[: len(fit.candidates)] = np.where(must, -1.0, np.where(may, eased[fit.candidates], forward.NEVER))
    return table
