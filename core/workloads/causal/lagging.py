"""The lagged design: which column is whose value how long ago, and never across the join of two trajectories."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """What each lagged column is made of; all arrays have one entry for each column."""

    first: Ints
    """The variable."""
    second: Ints
    """The other variable of a product; the same variable again where there is none."""
    lag: Ints
    """How many rows ago."""
    feature: Ints
    """Number of the feature of the variable; 0 is its own value."""

    def __len__(self) -> int:
        return len(self.lag)


@dataclass(frozen=True, slots=True)
class Design:
    """Rows that have all their lags, in the order of time."""

    columns: Columns
    lagged: Floats
    """(rows, columns)"""
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


def lag_columns(values: Floats, lengths: Sequence[int], max_lag: int) -> Design:
    """Lay out each variable's last `max_lag` values beside its present one; columns go by lag, then by variable.

    `values` is (rows, variables) with the trajectories one after another.
    """
    variables = values.shape[1]
    at, trajectory = rows_with_lags(lengths, max_lag)
    lags = range(1, max_lag + 1)
    source = np.tile(np.arange(variables), max_lag)
    columns = Columns(source, source, np.repeat(np.arange(1, max_lag + 1), variables), np.zeros_like(source))
    lagged = np.concatenate([values[at - lag] for lag in lags], axis=1)
    return Design(columns, lagged, values[at], at, trajectory)
