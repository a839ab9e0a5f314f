"""This file is about a mixed-integer linear program as lists of columns and rows, and HiGHS solving it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array


@dataclass(frozen=True, slots=True)
class Column:
    """A variable between its limits, and what one of it costs."""

    low: float
    high: float
    whole: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Row:
    """low <= sum of factors times columns <= high."""

    terms: Mapping[int, float]
    low: float
    high: float


@dataclass(slots=True)
class LinearModel:
    """What is to be chosen at the least cost, and what it has to keep."""

    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, low: float, high: float, *, whole: bool = False, cost: float = 0.0) -> int:
        """Add a variable and return its number."""
        self.columns.append(Column(low, high, whole, cost))
        return len(self.columns) - 1

    def row(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Add a constraint."""
        self.rows.append(Row(terms, low, high))

    def solve(self, *, gap: float, nodes: int) -> NDArray[np.float64] | None:
        """Return the best values found within a relative gap or a number of nodes; None when there are none.

        Never limited by time: the same model gives the same values on a slow machine.
        """
        limits = LinearConstraint(self._matrix(), [row.low for row in self.rows], [row.high for row in self.rows])
        found = milp(
            [column.cost for column in self.columns],
            integrality=np.array([column.whole for column in self.columns], dtype=np.int64),
            bounds=Bounds([column.low for column in self.columns], [column.high for column in self.columns]),
            constraints=limits,
            options={"mip_rel_gap": gap, "node_limit": nodes},
        )
        return None if found.x is None else np.asarray(found.x, dtype=float)

    def _matrix(self) -> Any:
        where = [(number, column, value) for number, row in enumerate(self.rows) for column, value in row.terms.items()]
        number, column, value = zip(*where, strict=True)
        return coo_array((value, (number, column)), shape=(len(self.rows), len(self.columns))).tocsr()
