"""Scalar products of all pairs of updates, in one pass: distances, norms and angles follow from them."""

import numpy as np

from core.workloads.federated.arrays import Floats, Rows, Values, spans
from core.workloads.federated.rounds import refuse_not_finite


def products(rows: Rows, extra: Values | None = None) -> Floats:
    """Return the matrix of scalar products, clients x clients, one more row and column for `extra` if there is one.

    Products of a block are summed in the rows' precision, blocks in float64. Raises `UpdateNotFinite`.
    """
    count = rows.clients + (extra is not None)
    total = np.zeros((count, count))
    with np.errstate(invalid="ignore", over="ignore"):
        for start, stop in spans(rows):
            block = rows.block(start, stop)
            if extra is not None:
                block = np.vstack([block, extra[start:stop].astype(block.dtype)])
            part = block @ block.T
            if not np.isfinite(np.diagonal(part)).all():
                refuse_not_finite(rows, [(start, stop)])
                part = block.astype(np.float64) @ block.T.astype(np.float64)
            total += part
    return total


def distances(rows: Rows) -> Floats:
    """Return squared distances of all pairs, clients x clients; differences are taken from a row of middling length.

    So neither a model's own length nor one client's huge values take away the digits of how far others lie apart.
    """
    anchored = Anchored(rows, middling(rows))
    return squared(products(anchored))


def squared(pairs: Floats) -> Floats:
    """Return squared distances from scalar products."""
    norms = np.diagonal(pairs)
    apart: Floats = np.maximum(norms[:, None] + norms[None, :] - 2.0 * pairs, 0.0)
    np.fill_diagonal(apart, 0.0)
    return apart


class Anchored:
    """Rows less one of them."""

    def __init__(self, rows: Rows, anchor: int) -> None:
        self._rows, self._anchor = rows, anchor
        self.clients, self.size, self.dtype = rows.clients, rows.size, rows.dtype

    def block(self, start: int, stop: int) -> Values:
        """Return the differences of some columns."""
        block = self._rows.block(start, stop)
        with np.errstate(invalid="ignore", over="ignore"):
            lessened: Values = block - block[self._anchor]
        if not np.isfinite(block[self._anchor]).all():
            refuse_not_finite(self._rows, [(start, stop)])
        return lessened


def middling(rows: Rows) -> int:
    """Return a row whose first block is neither long nor short among those of others."""
    start, stop = next(spans(rows))
    block = rows.block(start, stop)
    lengths = np.einsum("ij,ij->i", block, block, dtype=np.float64)
    return int(np.argsort(lengths)[rows.clients // 2])
