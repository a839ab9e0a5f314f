"""Trajectories of one length side by side, so that what is done to each is done to all of them at once."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from core.workloads.causal.arrays import Ints

_Scalar = TypeVar("_Scalar", bound=np.generic)


def by_length(lengths: Sequence[int]) -> list[Ints]:
    """Return for each length, the longest first, where its trajectories' rows lie: (rows, trajectories) each."""
    starts, every = np.cumsum([0, *lengths[:-1]]), np.asarray(lengths)
    return [np.arange(rows)[:, None] + starts[every == rows] for rows in np.unique(every)[::-1]]


def laid_out(table: npt.NDArray[_Scalar], at: Ints) -> npt.NDArray[_Scalar]:
    """Return (rows, trajectories x variables) of a table of (all rows, variables)."""
    return table[at].reshape(len(at), -1)


def put_back(table: npt.NDArray[_Scalar], at: Ints, values: npt.NDArray[_Scalar]) -> None:
    """Write to a table what was made of its rows that `laid_out` returned."""
    table[at] = values.reshape(*at.shape, -1)
