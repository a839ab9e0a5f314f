"""Which candidates stand for which edge: a source and a lag, in whatever shape the source acts."""

from dataclasses import dataclass

import numpy as np

from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.lagging import Columns


@dataclass(frozen=True, slots=True)
class Links:
    """One target's possible edges."""

    source: Ints
    """(edges,)"""
    lag: Ints
    members: Floats
    """(candidates, edges): 1 where a candidate stands for an edge; a product stands for two."""


def of_candidates(columns: Columns, candidates: Ints) -> Links:
    """Return the edges that some columns stand for, in order of lag and source."""
    first, second, lag = columns.first[candidates], columns.second[candidates], columns.lag[candidates]
    width = int(max(columns.first.max(), columns.second.max())) + 1
    keys = np.unique(np.concatenate([lag * width + first, lag * width + second]))
    members = (keys == (lag * width + first)[:, None]) | (keys == (lag * width + second)[:, None])
    return Links(keys % width, keys // width, members.astype(np.float64))
