"""Frames: a window's rows as an Arrow stream and back, and windows joined into one series. Numeric: workers only.

Values are float64, missing ones NaN; of categorical variables the codes, with their words in the field's metadata.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.errors import Conflict

# Arrow's own allocator begins by taking a GiB at once: under an attempt's memory limit that is refused.
pa.set_memory_pool(pa.system_memory_pool())

END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_CATEGORIES = b"categories"
_SAMPLE = 64
_DECIMALS = 3


class FramesUnlike(Conflict):
    """Windows of one series have different variables."""

    code = "frames_unlike"


class SpanEmpty(Conflict):
    """There is no window in the span."""

    code = "span_empty"


class Framed(Protocol):
    """What can be joined: a stored window."""

    @property
    def index(self) -> int:
        """Return its index."""

    @property
    def continues(self) -> bool:
        """Tell whether its rows follow directly on those of the window before."""

    @property
    def content(self) -> bytes:
        """Return its Arrow stream."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows of named variables."""

    names: list[str]
    values: NDArray[np.float64]
    """Rows by variables."""
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """Rows in time order, in trajectories between which time is broken: never lag across a join."""

    names: list[str]
    values: NDArray[np.float64]
    """Rows by variables."""
    trajectories: list[int]
    """Rows of each, adding up to all."""
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)


def encode(names: Sequence[str], columns: NDArray[np.float64], categories: Mapping[str, Sequence[str]]) -> bytes:
    """Write columns (variables by rows, C order) as an Arrow stream, zstd where that is worth it.

    Doubles of full precision hardly compress, so that trying would only cost time; rounded ones and codes do.
    """
    if _is_coarse(columns):
        return encode_all(names, [columns], categories)
    rows, whole = columns.shape[1], pa.array(columns.reshape(-1))
    schema = schema_of(names, categories)
    arrays = [whole.slice(place * rows, rows) for place in range(len(names))]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    # The same bytes as a stream writer's, but copied once.
    return b"".join([memoryview(schema.serialize()), memoryview(batch.serialize()), END_OF_STREAM])


def encode_all(
    names: Sequence[str], windows: Sequence[NDArray[np.float64]], categories: Mapping[str, Sequence[str]]
) -> bytes:
    """Write windows as one Arrow stream, a record batch for each."""
    sink = pa.BufferOutputStream()
    schema = schema_of(names, categories)
    options = pa.ipc.IpcWriteOptions(compression="zstd" if windows and _is_coarse(windows[0]) else None)
    with pa.ipc.new_stream(sink, schema, options=options) as writer:
        for columns in windows:
            writer.write_batch(pa.record_batch([pa.array(column) for column in columns], schema=schema))
    return sink.getvalue().to_pybytes()


def schema_of(names: Sequence[str], categories: Mapping[str, Sequence[str]]) -> pa.Schema:
    """Make the schema of a frame's stream."""
    return pa.schema([_field(name, categories.get(name)) for name in names])


def decode(content: bytes) -> Frame:
    """Read an Arrow stream as `encode` writes it."""
    table = pa.ipc.open_stream(content).read_all()
    values = np.empty((table.num_rows, table.num_columns))
    for place, column in enumerate(table.columns):
        values[:, place] = column.to_numpy()
    categories = {
        one.name: json.loads(one.metadata[_CATEGORIES])
        for one in table.schema
        if one.metadata and _CATEGORIES in one.metadata
    }
    return Frame(list(table.column_names), values, categories)


def join(windows: Iterable[Framed]) -> Series:
    """Join windows, in the order of their indices, into one series; raises `FramesUnlike` or `SpanEmpty`."""
    frames: list[Frame] = []
    trajectories: list[int] = []
    before: int | None = None
    for window in windows:
        frame = decode(window.content)
        if frames and frame.names != frames[0].names:
            raise FramesUnlike(f"window {window.index} has other variables than the first of the span")
        if window.continues and before == window.index - 1:
            trajectories[-1] += len(frame.values)
        else:
            trajectories.append(len(frame.values))
        before = window.index
        frames.append(frame)
    if not frames:
        raise SpanEmpty
    values = np.concatenate([frame.values for frame in frames])
    return Series(frames[0].names, values, trajectories, frames[0].categories)


def _field(name: str, categories: Sequence[str] | None) -> "pa.Field[pa.DataType]":
    metadata = {_CATEGORIES: json.dumps(list(categories)).encode()} if categories else None
    return pa.field(name, pa.float64(), metadata=metadata)


def _is_coarse(columns: NDArray[np.float64]) -> bool:
    """Tell from a few values whether most variables are whole or rounded numbers."""
    few = columns[:, :_SAMPLE]
    rounded = (few == np.round(few, _DECIMALS)) | np.isnan(few)
    return bool(rounded.mean() > 1 / 2)
