"""Sums of updates: what most strategies come to once each client's coefficient is known."""

import numpy as np

from core.workloads.federated.arrays import Floats, Rows, Values, spans
from core.workloads.federated.rounds import Aggregate, Round, refuse_not_finite, unfit


def mix(rows: Rows, coefficients: Floats) -> Values:
    """Return the sum of rows, each times its coefficient, in the rows' own precision; raises `UpdateNotFinite`.

    Rows whose coefficient is zero are read all the same: what is not finite shows in the sum.
    """
    change = np.empty(rows.size, rows.dtype)
    row = np.ascontiguousarray(coefficients, dtype=rows.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for start, stop in spans(rows):
            np.matmul(row, rows.block(start, stop), out=change[start:stop])
            if not np.isfinite(change[start:stop]).all():
                refuse_not_finite(rows, [(start, stop)])
                raise unfit(
                    "/updates", f"The sum of the updates is too large for {rows.dtype} at value {start} or after."
                )
    return change


def mixed(given: Round, coefficients: Floats) -> Aggregate:
    """Return the sum as what a strategy answers."""
    return Aggregate(mix(given.rows, coefficients), coefficients)
