"""The arrays that aggregation works with, and clients' updates as rows that are read block by block."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = NDArray[Any]
"""Float32 or float64, as the clients sent them."""
BLOCK_BYTES = 4 << 20
"""About what one block of all clients takes: it stays in the processor's cache."""


class Rows(Protocol):
    """Updates, clients by rows; every value is read at most once by each pass, a block of columns at a time."""

    @property
    def clients(self) -> int:
        """How many rows."""

    @property
    def size(self) -> int:
        """How many values each has."""

    @property
    def dtype(self) -> "np.dtype[Any]":
        """Float32 or float64."""

    def block(self, start: int, stop: int) -> Values:
        """Return columns `start` to `stop` of all rows; the next call may overwrite them, the caller must not."""


class Stack:
    """Rows that lie in memory as one array."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.clients, self.size = values.shape
        self.dtype: np.dtype[Any] = values.dtype

    def block(self, start: int, stop: int) -> Values:
        """Return a view."""
        return self._values[:, start:stop]


class Separate:
    """Rows that lie in memory as an array each."""

    def __init__(self, rows: Sequence[Values]) -> None:
        self._rows = rows
        self.clients, self.size = len(rows), len(rows[0])
        self.dtype: np.dtype[Any] = np.result_type(*rows)
        self._buffer = np.empty((0, 0), self.dtype)

    def block(self, start: int, stop: int) -> Values:
        """Copy the columns together."""
        if self._buffer.shape[1] < stop - start:
            self._buffer = np.empty((self.clients, stop - start), self.dtype)
        whole = self._buffer[:, : stop - start]
        for place, row in enumerate(self._rows):
            whole[place] = row[start:stop]
        return whole


def spans(rows: Rows, block_bytes: int = BLOCK_BYTES) -> Iterator[tuple[int, int]]:
    """Yield where blocks of about that many bytes begin and end."""
    columns = max(256, block_bytes // (rows.clients * rows.dtype.itemsize))
    for start in range(0, rows.size, columns):
        yield start, min(start + columns, rows.size)
