"""`windows.export`: a domain's windows as one file, written window by window."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import ipc, parquet

from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.frames import Frame, SpanEmpty
from core.workloads.windows import spans
from core.workloads.windows.tables import arrow_file

CONTENT_TYPES = {
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
    "npy": "application/octet-stream",
}
_CHUNK = 1 << 20


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Write the file and leave it behind as an artifact."""
    name, read, total = _source(params, context)
    told: dict[str, Any] = {"windows": 0, "rows": 0, "variables": []}

    def counted() -> Iterator[Frame]:
        for frame in read:
            told["windows"] += 1
            told["rows"] += len(frame.values)
            told["variables"] = frame.names
            yield frame
            context.progress(min(1.0, told["windows"] / total), "writing", f"{told['windows']} of {total} windows")

    with tempfile.TemporaryFile() as file:
        WRITERS[params["format"]](counted(), file, params)
        size, digest = file.tell(), _digest(file)
        file.seek(0)
        context.save_artifact(name, file, CONTENT_TYPES[params["format"]])
    return {"artifact": name, **told, "bytes": size, "sha256": digest}


def _source(params: Mapping[str, Any], context: JobContext) -> tuple[str, Iterator[Frame], int]:
    """Return the file's name, the frames to write, and how many there are."""
    if params["series"] is not None:
        series = spans.read_inline(params["series"])
        return f"series.{params['format']}", iter([Frame(series.names, series.values)]), 1
    first, last = spans.bounds(params, context)
    total = len(context.domains.indices(params["domain"], first, last))
    if not total:
        raise SpanEmpty
    windows = context.domains.read(params["domain"], first, last)
    return f"windows-{first}-{last}.{params['format']}", (frames.decode(one.content) for one in windows), total


def _write_arrow(read: Iterator[Frame], file: BinaryIO, params: Mapping[str, Any]) -> None:
    del params
    frame = next(read)
    schema = frames.schema_of(frame.names, frame.categories)
    with ipc.new_stream(arrow_file(file, "w"), schema) as writer:
        writer.write_batch(_batch(frame, schema))
        for one in read:
            writer.write_batch(_batch(one, schema))


def _write_parquet(read: Iterator[Frame], file: BinaryIO, params: Mapping[str, Any]) -> None:
    del params
    frame = next(read)
    schema = frames.schema_of(frame.names, frame.categories)
    with parquet.ParquetWriter(file, schema, compression="zstd", use_dictionary=False) as writer:
        writer.write_batch(_batch(frame, schema))
        for one in read:
            writer.write_batch(_batch(one, schema))


def _write_csv(read: Iterator[Frame], file: BinaryIO, params: Mapping[str, Any]) -> None:
    options = arrow_csv.WriteOptions(include_header=True)
    for place, frame in enumerate(read):
        columns = [
            pa.array(_words(column, frame.categories.get(name)))
            if name in frame.categories
            else pa.array(_rounded(column, params["decimals"]), mask=np.isnan(column))
            for name, column in zip(frame.names, frame.values.T, strict=True)
        ]
        options.include_header = place == 0
        arrow_csv.write_csv(pa.record_batch(columns, names=frame.names), file, options)


def _write_npy(read: Iterator[Frame], file: BinaryIO, params: Mapping[str, Any]) -> None:
    del params
    np.save(file, np.concatenate([frame.values for frame in read]), allow_pickle=False)


WRITERS: dict[str, Callable[[Iterator[Frame], BinaryIO, Mapping[str, Any]], None]] = {
    "arrow": _write_arrow,
    "parquet": _write_parquet,
    "csv": _write_csv,
    "npy": _write_npy,
}


def _batch(frame: Frame, schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array(np.ascontiguousarray(column)) for column in frame.values.T], schema=schema)


def _rounded(column: Any, decimals: int | None) -> Any:
    return column if decimals is None else np.round(column, decimals)


def _words(column: Any, categories: Any) -> list[str | None]:
    return [None if np.isnan(code) else categories[int(code)] for code in column]


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
