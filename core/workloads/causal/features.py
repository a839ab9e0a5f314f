"""Features of variables: what sources may enter a regression as, beside their own values.

A nonlinear effect is found by regression on a few fixed shapes of the source: an even one (its square), a saturating
odd one, and products of two sources. That is a finite-dimensional kernel test of conditional independence (as in Zhang,
Peters, Janzing and Schoelkopf 2011, and with the random features of Strobl, Zhang and Visweswaran 2019), and it shares
Gram matrices, half-samples and intervals with the linear one.
"""

from dataclasses import dataclass

import numpy as np

from core.workloads.causal.arrays import Flags, Floats, Ints

LINEAR, SQUARE, SATURATING, PRODUCT, INDICATOR = range(5)
FORMS = ("linear", "square", "saturating", "product", "level")
_REACH = 3.0
"""Squares and products are of values cut here, in standard deviations, so that no single row decides."""
_STEEPNESS = 2.0


@dataclass(frozen=True, slots=True)
class Features:
    """Columns by which variables may act, all at the time of the row."""

    values: Floats
    """(rows, features): standardized; 0 where missing."""
    first: Ints
    second: Ints
    """The other variable of a product; else the same again."""
    form: Ints


def linear(values: Floats) -> Features:
    """Let every variable act by its own value."""
    place = np.arange(values.shape[1])
    return Features(values, place, place, np.full(len(place), LINEAR))


def shapes(values: Floats, observed: Flags) -> Features:
    """Add each variable's square and its saturating shape, without their linear parts."""
    cut = np.clip(values, -_REACH, _REACH)
    place = np.arange(values.shape[1])
    columns = [values, _standardized(cut**2, observed), _standardized(np.tanh(_STEEPNESS * values), observed)]
    form = np.repeat([LINEAR, SQUARE, SATURATING], len(place))
    return Features(np.hstack(columns), np.tile(place, 3), np.tile(place, 3), form)


def products(values: Floats, observed: Flags) -> Features:
    """Let pairs of variables act by their product."""
    cut = np.clip(values, -_REACH, _REACH)
    first, second = np.triu_indices(values.shape[1], 1)
    both = observed[:, first] & observed[:, second]
    return Features(_standardized(cut[:, first] * cut[:, second], both), first, second, np.full(len(first), PRODUCT))


def levels(values: Floats, observed: Flags) -> Features:
    """Let variables act by their numbers and, beyond two levels, by indicators of single levels."""
    found = linear(values)
    for place in range(values.shape[1]):
        seen = observed[:, [place]]
        known = np.unique(values[observed[:, place], place])
        for level in known[1:-1]:
            flag = _standardized((values[:, [place]] == level).astype(np.float64), seen)
            one = np.array([place])
            found = joined(found, Features(flag, one, one, np.array([INDICATOR])))
    return found


def joined(one: Features, other: Features) -> Features:
    """Put two sets of features side by side."""
    return Features(
        np.hstack([one.values, other.values]),
        np.concatenate([one.first, other.first]),
        np.concatenate([one.second, other.second]),
        np.concatenate([one.form, other.form]),
    )


def _standardized(values: Floats, observed: Flags) -> Floats:
    count = np.maximum(observed.sum(axis=0), 1)
    mean = np.where(observed, values, 0.0).sum(axis=0) / count
    centered = np.where(observed, values - mean, 0.0)
    scale = np.sqrt((centered**2).sum(axis=0) / count)
    return np.asarray(centered / np.where(scale > 0, scale, 1.0), dtype=np.float64)
