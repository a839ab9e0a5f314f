"""The lagged design: which column is whose value how long ago, and never across the join of two trajectories."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.features import Features


@dataclass(frozen=True, slots=True)
class Columns:
    """What each lagged column is made of; all arrays have one entry for each column."""

    first: Ints
    """The variable."""
    second: Ints
    """The other variable of a product; the same variable again where there is none."""
    lag: Ints
    """How many rows ago."""
    form: Ints
    """The shape in which it acts, a number of `features.FORMS`; 0 is the value itself."""

    def __len__(self) -> int:
        return len(self.lag)


@dataclass(frozen=True, slots=True)
class Design:
    """Rows that have all their lags, in the order of time."""

    columns: Columns
    lagged: Floats
    """(rows, columns), centered"""
    present: Floats
    """(rows, variables): the values to be explained."""
    at: Ints
    """(rows,): where each row lies in the series."""
    trajectory: Ints
    """(rows,): which trajectory each row is of."""


def rows_with_lags(lengths: Sequence[int], max_lag: int) -> tuple[Ints, Ints]:
    """Return the rows of the series that have all their lags within their own trajectory, and which that is."""
    starts = np.cumsum([0, *lengths[:-1]])
    parts = [np.arange(start + max_lag, start + length) for start, length in zip(starts, lengths, strict=True)]
    at = np.concatenate(parts).astype(np.int64)
    trajectory = np.repeat(np.arange(len(lengths)), [len(part) for part in parts]).astype(np.int64)
    return at, trajectory


def lag_columns(features: Features, present: Floats, lengths: Sequence[int], max_lag: int) -> Design:
    """Lay out the features' last `max_lag` values beside the variables' present ones; columns go by lag first.

    `present` is (rows, variables) with the trajectories one after another.
    """
    at, trajectory = rows_with_lags(lengths, max_lag)
    count = features.values.shape[1]
    columns = Columns(
        np.tile(features.first, max_lag),
        np.tile(features.second, max_lag),
        np.repeat(np.arange(1, max_lag + 1), count),
        np.tile(features.form, max_lag),
    )
    lagged = np.concatenate([features.values[at - lag] for lag in range(1, max_lag + 1)], axis=1)
    return Design(columns, lagged - lagged.mean(axis=0), present[at], at, trajectory)
