"""`windows.import`: a file's rows as windows of a domain, or as one series, in constant memory.

Nothing is stored unless everything is good: windows and artifacts land with the outcome.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.errors import Conflict
from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.facts import DomainFacts
from core.platform.domains.windows import NewWindow
from core.workloads.windows import tables
from core.workloads.windows.columns import Census, columns_of
from core.workloads.windows.spec import check_variables
from core.workloads.windows.summaries import summarize

ROWS_PER_WINDOW = 10_000
"""Of a series that no domain has."""
STORED_AT_ONCE_BYTES = 16 << 20
INLINE_BYTES = 4 << 10
"""Only small windows of an import wait in memory for its outcome."""


class ColumnsUnlike(Conflict):
    """The file's columns are not the domain's variables."""

    code = "columns_unlike"


class ColumnsConstant(Conflict):
    """Columns never vary, and such were to be refused."""

    code = "columns_constant"


class WindowsTooMany(Conflict):
    """The file has more windows than the domain keeps."""

    code = "windows_too_many"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Read the file, store its rows, and report what is to be known of its columns."""
    facts = None if params["domain"] is None else context.domains.find(params["domain"])
    with _source(params, context) as stream, tempfile.TemporaryFile() as spool:
        if params["constant"] == "drop":
            params = {**params, "drop": [*params["drop"], *_still(stream, params, context)]}
        census = Census(params)
        keeper = _Keeper(context, params, facts, spool)
        for batch in tables.read_table(stream, params):
            names, columns = columns_of(batch, census, params)
            keeper.add(names, columns)
            context.progress(0.5, "reading", f"{census.rows} rows")
        still = census.still()
        if still and params["constant"] == "refuse":
            raise ColumnsConstant(f"never varying: {', '.join(still)}; leave them out with drop, or constant: 'drop'")
        first = keeper.finish(census)
    report = census.report()
    last = None if first is None else first + keeper.windows - 1
    warnings = census.warnings()
    return {
        "rows": census.rows,
        "variables": keeper.names,
        "columns": report,
        "windows": keeper.windows,
        "first_index": first,
        "last_index": last,
        "warnings": warnings,
        "ready": not any(one["blocking"] for one in warnings),
    }


def _still(stream: BinaryIO, params: Mapping[str, Any], context: JobContext) -> list[str]:
    """Read the file once beforehand: only its end tells which columns never vary."""
    census = Census(params)
    for batch in tables.read_table(stream, params):
        columns_of(batch, census, params)
        context.progress(0.2, "looking for constant columns", f"{census.rows} rows")
    stream.seek(0)
    return census.still()


@dataclass(slots=True)
class _Keeper:
    """Cuts rows into windows, and keeps them where they belong."""

    context: JobContext
    params: Mapping[str, Any]
    facts: DomainFacts | None
    spool: BinaryIO
    names: list[str] = field(default_factory=list)
    windows: int = 0
    _order: list[int] = field(default_factory=list)
    _left: list[NDArray[np.float64]] = field(default_factory=list)
    _rows_left: int = 0
    _fresh: list[tuple[UUID, NewWindow]] = field(default_factory=list)
    _fresh_bytes: int = 0
    _placed: list[tuple[UUID, NewWindow]] = field(default_factory=list)
    _writer: Any = None

    def add(self, names: list[str], columns: NDArray[np.float64]) -> None:
        """Take some rows, variables by rows."""
        if not self.names:
            self._begin(names)
        self._left.append(columns[self._order])
        self._rows_left += columns.shape[1]
        while self._rows_left >= self._size:
            self._cut(self._size)

    def finish(self, census: Census) -> int | None:
        """Keep what is left, and return the index of the first window."""
        if self._rows_left:
            self._cut(self._rows_left)
        if self.facts is None:
            if self._writer is not None:
                self._writer.close()
            self.spool.seek(0)
            self.context.save_artifact("series.arrow", self.spool, "application/vnd.apache.arrow.stream")
            return None
        if census.categories:
            raise ColumnsUnlike("a domain's variables are numbers: leave columns of words out with drop")
        return self._land(self.facts)

    @property
    def _size(self) -> int:
        own = ROWS_PER_WINDOW if self.facts is None else self.facts.window_size
        size: int = self.params["rows_per_window"] or own
        return size

    def _begin(self, names: list[str]) -> None:
        check_variables(names)
        self.names, self._order = names, list(range(len(names)))
        if self.facts is None:
            schema = frames.schema_of(names, {})
            self._writer = pa.ipc.new_stream(tables.arrow_file(self.spool, "w"), schema)
            return
        wanted = self.facts.variables
        if set(wanted) != set(names):
            absent, strange = [one for one in wanted if one not in names], [one for one in names if one not in wanted]
            told = [f"missing: {', '.join(absent)}"] * bool(absent) + [f"drop: {', '.join(strange)}"] * bool(strange)
            raise ColumnsUnlike("; ".join(told))
        self.names, self._order = list(wanted), [names.index(one) for one in wanted]

    def _cut(self, size: int) -> None:
        whole = np.concatenate(self._left, axis=1) if len(self._left) > 1 else self._left[0]
        window = np.ascontiguousarray(whole[:, :size])
        self._left, self._rows_left = ([whole[:, size:]] if whole.shape[1] > size else []), whole.shape[1] - size
        if self.facts is None:
            self._writer.write_batch(
                pa.record_batch([pa.array(column) for column in window], schema=frames.schema_of(self.names, {}))
            )
        else:
            self._spool(self.facts, window)
        self.windows += 1

    def _spool(self, facts: DomainFacts, columns: NDArray[np.float64]) -> None:
        """Have a window's bytes in the storage soon; its index is known when all have been counted."""
        if self.windows >= facts.retention_windows:
            told = f"the domain keeps {facts.retention_windows} windows: raise rows_per_window or its retention_windows"
            raise WindowsTooMany(told)
        content = frames.encode(self.names, columns, {})
        summary = summarize(self.names, columns)
        window = NewWindow(
            self.windows,
            "manual",
            columns.shape[1],
            facts.created_at,
            len(content),
            content,
            continues=self.windows > 0,
            receipt={"kind": "windows.import", "job": str(self.context.job_id)},
            summary=summary,
        )
        self._fresh.append((facts.id, window))
        self._fresh_bytes += len(content)
        if self._fresh_bytes >= STORED_AT_ONCE_BYTES:
            self._place()

    def _place(self) -> None:
        self._placed += self.context.domains.place(self._fresh, inline_bytes=INLINE_BYTES)
        self._fresh, self._fresh_bytes = [], 0

    def _land(self, facts: DomainFacts) -> int | None:
        self._place()
        if not self._placed:
            return None
        first = self.context.domains.reserve(str(facts.id), self.windows)
        began = self.params["started_at"]
        step = timedelta(seconds=facts.interval_s or 1.0)
        self.context.domains.keep(
            [
                (home, replace(one, index=first + one.index, started_at=(began or one.started_at) + one.index * step))
                for home, one in self._placed
            ]
        )
        return first


@contextmanager
def _source(params: Mapping[str, Any], context: JobContext) -> Iterator[BinaryIO]:
    if params["text"] is not None:
        yield tables.as_stream(params["text"])
        return
    with context.open_artifact(str(params["file"]["artifact"])) as stream:
        yield stream
