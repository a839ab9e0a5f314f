"""Strategies that look at each coordinate by itself: tiles of updates, sorted by client."""

from collections.abc import Callable

import numpy as np

from core.workloads.federated.arrays import Floats, Rows, Values, spans
from core.workloads.federated.rounds import Aggregate, refuse_not_finite

TILE_BYTES = 256 << 10
LOOKED_AT = 4096
"""Of how many coordinates the shares of clients are told."""
Reduce = Callable[[Values], Values]
"""Takes a tile, coordinates x clients, sorted along the clients; returns one value for each coordinate."""


def reduce_sorted(rows: Rows, reduce: Reduce, first: int, last: int) -> Aggregate:
    """Reduce every coordinate; ranks `first` to `last` (exclusive) are those that count, which tells the shares.

    Raises `UpdateNotFinite`: what is not finite is sorted to an end of its coordinate.
    """
    change = np.empty(rows.size, rows.dtype)
    for start, stop in spans(rows, TILE_BYTES):
        tile = np.ascontiguousarray(rows.block(start, stop).T)
        tile.sort(axis=1)
        if not (np.isfinite(tile[:, 0]).all() and np.isfinite(tile[:, -1]).all()):
            refuse_not_finite(rows, [(start, stop)])
        change[start:stop] = reduce(tile)
    return Aggregate(change, _shares(rows, first, last))


def _shares(rows: Rows, first: int, last: int) -> Floats:
    """Tell from some coordinates how often each client's value is among those that count; equal values share."""
    seen = rows.block(0, min(rows.size, LOOKED_AT))
    ordered = np.sort(seen, axis=0)
    counts = np.zeros(rows.clients)
    for rank in range(first, last):
        equal = seen == ordered[rank]
        counts += (equal / equal.sum(axis=0)).sum(axis=1)
    shares: Floats = counts / counts.sum()
    return shares
