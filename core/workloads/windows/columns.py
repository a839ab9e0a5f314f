"""Columns of imported rows: turned into doubles, counted as they pass, and judged at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.errors import Invalid
from core.workloads.windows.spec import MOST_VARIABLES
from core.workloads.windows.texts import Flaw, TableFlawed

MUCH_MISSING = 0.3
LONG_GAP = 0.1
"""Of all rows."""
FEW_ROWS = 30
MOST_CATEGORIES = 100


class ColumnUnfit(Invalid):
    """A column cannot be taken as numbers."""

    code = "column_unfit"


@dataclass(slots=True)
class Count:
    """What is known of one column so far."""

    place: int
    missing: int = 0
    low: float = np.inf
    high: float = -np.inf
    total: float = 0.0
    gap: int = 0
    longest_gap: int = 0


@dataclass(slots=True)
class Census:
    """All columns of a file as their rows pass."""

    params: Mapping[str, Any]
    rows: int = 0
    counts: dict[str, Count] = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)

    def take(self, names: list[str], columns: NDArray[np.float64]) -> None:
        """Count some more rows, variables by rows; raises `TableFlawed` for infinite values."""
        absent = np.isnan(columns)
        for place, (name, column, gone) in enumerate(zip(names, columns, absent, strict=True)):
            count = self.counts.setdefault(name, Count(place + 1))
            missing = int(gone.sum())
            count.missing += missing
            if missing < len(column):
                low, high = float(np.nanmin(column)), float(np.nanmax(column))
                if np.isinf(low) or np.isinf(high):
                    row = self.rows + int(np.flatnonzero(np.isinf(column))[0]) + 1
                    raise TableFlawed([Flaw(row, place + 1, name, "the value is infinite")], what="row")
                count.low, count.high = min(count.low, low), max(count.high, high)
                count.total += float(np.nansum(column))
            _count_gaps(count, gone, missing)
        self.rows += columns.shape[1]

    def report(self) -> list[dict[str, Any]]:
        """Tell what each column is like."""
        return [
            {
                "name": name,
                "column": count.place,
                "missing": count.missing,
                "constant": self._is_constant(count),
                "longest_gap": count.longest_gap,
                "min": count.low if count.missing < self.rows else None,
                "max": count.high if count.missing < self.rows else None,
                "mean": count.total / (self.rows - count.missing) if count.missing < self.rows else None,
            }
            for name, count in self.counts.items()
        ]

    def warnings(self) -> list[dict[str, Any]]:
        """Tell what stands in the way of finding causes, and how to get it out of the way."""
        told = []
        if self.rows < FEW_ROWS:
            told.append(
                _warning("few_rows", None, f"{self.rows} rows", f"at least {FEW_ROWS} are needed", blocking=True)
            )
        for name, count in self.counts.items():
            fix = f"drop: [{name!r}], or constant: 'drop'"
            if count.missing == self.rows:
                told.append(_warning("empty", name, "no value at all", fix, blocking=True))
            elif self._is_constant(count):
                told.append(_warning("constant", name, f"always {count.low:g}", fix, blocking=True))
            elif count.missing > MUCH_MISSING * self.rows:
                share = f"{count.missing / self.rows:.0%} of the values are missing"
                told.append(_warning("much_missing", name, share, f"drop: [{name!r}]", blocking=False))
            elif count.longest_gap > LONG_GAP * self.rows:
                detail = f"{count.longest_gap} values in a row are missing"
                told.append(_warning("long_gap", name, detail, "split the file at the gap", blocking=False))
        return told

    def still(self) -> list[str]:
        """Return the columns that never vary, those without any value among them."""
        return [name for name, count in self.counts.items() if count.missing == self.rows or self._is_constant(count)]

    def _is_constant(self, count: Count) -> bool:
        return count.missing < self.rows and count.low == count.high


def columns_of(
    batch: pa.RecordBatch, census: Census, params: Mapping[str, Any]
) -> tuple[list[str], NDArray[np.float64]]:
    """Turn a batch into doubles, variables by rows, without the columns that are to be left out; count them."""
    rename, drop = params["rename"], set(params["drop"])
    names, arrays = [], []
    for raw, column in zip(batch.schema.names, batch.columns, strict=True):
        name = rename.get(raw.strip(), raw.strip())
        if name in drop or raw in drop:
            continue
        names.append(name)
        arrays.append(_doubles(name, column, census, params))
    if not names:
        raise ColumnUnfit("no column is left")
    if len(names) > MOST_VARIABLES:
        raise ColumnUnfit(f"{len(names)} columns are more than {MOST_VARIABLES}: leave some out with drop")
    columns = np.stack(arrays) if len(batch) else np.empty((len(names), 0))
    census.take(names, columns)
    return names, columns


def _doubles(name: str, column: "pa.Array[Any]", census: Census, params: Mapping[str, Any]) -> NDArray[np.float64]:
    kind = column.type
    if name in set(params["categorical"]):
        return _codes(name, column, census)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        raise ColumnUnfit(f"the column {name!r} holds words: leave it out with drop, or name it in categorical")
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind) or _is_null(kind)):
        raise ColumnUnfit(f"the column {name!r} is of type {kind}: leave it out with drop")
    # Slices of one block of doubles without gaps are taken as they lie.
    values = column.cast(pa.float64()) if kind != pa.float64() else column
    return np.asarray(values.to_numpy(zero_copy_only=values.null_count == 0), dtype=float)


def _is_null(kind: pa.DataType) -> bool:
    return bool(pa.types.is_null(kind))


def _codes(name: str, column: "pa.Array[Any]", census: Census) -> NDArray[np.float64]:
    known = census.categories.setdefault(name, [])
    codes = np.full(len(column), np.nan)
    for row, word in enumerate(column.cast(pa.string()).to_pylist()):
        if word is None:
            continue
        if word not in known:
            if len(known) >= MOST_CATEGORIES:
                raise ColumnUnfit(f"the column {name!r} has more than {MOST_CATEGORIES} different words")
            known.append(word)
        codes[row] = known.index(word)
    return codes


def _count_gaps(count: Count, gone: NDArray[np.bool_], missing: int) -> None:
    if not missing:
        count.gap = 0
        return
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    lengths[0] += count.gap if gone[0] else 0
    count.longest_gap = max(count.longest_gap, int(lengths.max()))
    count.gap = int(lengths[-1]) if gone[-1] else 0


def _warning(code: str, column: str | None, detail: str, fix: str, *, blocking: bool) -> dict[str, Any]:
    return {"code": code, "column": column, "detail": detail, "fix": fix, "blocking": blocking}
