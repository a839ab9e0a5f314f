"""Layers of regressions, on the past and within the row, and what all their t values say together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal import evidence, forward
from core.workloads.causal.arrays import Flags, Floats
from core.workloads.causal.fitting import Fit
from core.workloads.causal.lagging import Columns

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
    tested: Flags
    """(variables, columns): the candidates for edges."""
    required: Flags
    """(variables, columns): what a model has to take."""

    @property
    def within_row(self) -> bool:
        """Tell whether the columns are of the same row as the response: then edges have no direction by themselves."""
        return not self.columns.lag.any()


@dataclass(frozen=True, slots=True)
class Layer:
    """Regressions with what was made of their t values; arrays are (variables, columns) unless told otherwise."""

    regressions: Regressions
    t: Floats
    p: Floats
    q: Floats
    null: Floats
    """Local false discovery rate."""
    penalty: Floats
    """(variables, candidates): what a squared t value in a half-sample has to exceed."""


def judge(parts: Sequence[Regressions], groups: int, *, any_dependence: bool) -> tuple[list[Layer], Floats]:
    """Weigh the candidates of all layers together, in groups by lag; return layers and each group's threshold of t."""
    counted = [np.triu(part.tested, 1) if part.within_row else part.tested for part in parts]
    t = [_t_values(part) for part in parts]
    found = evidence.weigh(
        np.concatenate([values[once] for values, once in zip(t, counted, strict=True)]),
        np.concatenate([_freedom(part)[once] for part, once in zip(parts, counted, strict=True)]),
        np.concatenate([_lags(part)[once] for part, once in zip(parts, counted, strict=True)]),
        groups,
        any_dependence=any_dependence,
    )
    layers, first = [], 0
    for part, values, once in zip(parts, t, counted, strict=True):
        there = slice(first, first + int(once.sum()))
        p, q, null = (_spread(part, once, what[there]) for what in (found.p, found.q, found.null))
        layers.append(Layer(part, values, p, q, null, _penalty(part, found.threshold)))
        first = there.stop
    return layers, found.threshold


def _t_values(part: Regressions) -> Floats:
    """Return t values; of a pair within the row, which two regressions tell of, the smaller one."""
    t = np.array([fit.t for fit in part.fits])
    return np.where(np.abs(t) <= np.abs(t.T), t, t.T) if part.within_row else t


def _freedom(part: Regressions) -> Floats:
    degrees = np.array([max(fit.rows - fit.chosen - 1.0, 1.0) for fit in part.fits])
    return np.broadcast_to(degrees[:, None], part.tested.shape)


def _lags(part: Regressions) -> Flags:
    return np.broadcast_to(part.columns.lag, part.tested.shape)


def _spread(part: Regressions, once: Flags, values: Floats) -> Floats:
    """Put values back where they belong, 1 elsewhere; a pair within the row has the same both ways."""
    table = np.ones(once.shape)
    table[once] = values
    return np.minimum(table, table.T) if part.within_row else table


def _penalty(part: Regressions, threshold: Floats) -> Floats:
    """Return each candidate's penalty: a half-sample has half of the squared t value of the whole."""
    eased = np.maximum(threshold - _EASE, _LOWEST_T) ** 2 / 2.0
    table = np.full((len(part.fits), max(len(fit.candidates) for fit in part.fits)), forward.NEVER)
    for row, fit in zip(table, part.fits, strict=True):
        row[: len(fit.candidates)] = np.where(
            part.required[fit.target, fit.candidates],
            -1.0,
            np.where(part.tested[fit.target, fit.candidates], eased[part.columns.lag[fit.candidates]], forward.NEVER),
        )
    return table
