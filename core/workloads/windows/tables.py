"""Tables: files of four formats, read a portion of rows at a time; whatever is wrong is told by line and column."""

import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Literal, cast

import pyarrow as pa
from pyarrow import ipc, parquet

from core.errors import Invalid
from core.workloads.windows.texts import Flaw, TableFlawed, read_csv

LARGEST_JSON_BYTES = 64 << 20
_BATCH_ROWS = 65_536


class TableUnreadable(Invalid):
    """The file is not of the format that it is said to be."""

    code = "table_unreadable"


def read_table(stream: BinaryIO, params: Mapping[str, Any]) -> Iterator[pa.RecordBatch]:
    """Yield a file's rows in record batches, all of the same columns; raises `TableFlawed` or `TableUnreadable`."""
    try:
        match params["format"]:
            case "csv":
                yield from read_csv(stream, params)
            case "parquet":
                yield from parquet.ParquetFile(stream).iter_batches(_BATCH_ROWS)
            case "arrow":
                yield from _read_arrow(stream)
            case _:
                yield from _read_json(stream)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError, UnicodeDecodeError) as error:
        raise TableUnreadable(f"not {params['format']}: {error}") from error


def _read_arrow(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    begins = stream.read(6)
    stream.seek(0)
    if begins == b"ARROW1":
        reader = ipc.open_file(arrow_file(stream, "r"))
        yield from (reader.get_batch(place) for place in range(reader.num_record_batches))
    else:
        yield from ipc.open_stream(arrow_file(stream, "r"))


def _read_json(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Read a list of objects, one object a line, or `{"names": [...], "values": [[...]]}`."""
    content = stream.read(LARGEST_JSON_BYTES + 1)
    if len(content) > LARGEST_JSON_BYTES:
        raise TableUnreadable(f"at most {LARGEST_JSON_BYTES} bytes of JSON are read; write CSV or Parquet")
    rows = _json_rows(content.decode())
    names = list(dict.fromkeys(name for row in rows for name in row))
    flaws = [
        Flaw(place, names.index(name) + 1, name, f"{json.dumps(value)[:40]} is no number")
        for place, row in enumerate(rows, 1)
        for name, value in row.items()
        if not _is_number(value) and not isinstance(value, str)
    ]
    if flaws:
        raise TableFlawed(flaws, what="row")
    columns = {name: [row.get(name) for row in rows] for name in names}
    yield pa.record_batch({name: _column(values) for name, values in columns.items()})


def _json_rows(text: str) -> list[dict[str, Any]]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = _json_lines(text)
    if isinstance(whole, dict) and set(whole) == {"names", "values"}:
        names, values = whole["names"], whole["values"]
        for place, row in enumerate(values, 1):
            if not isinstance(row, list) or len(row) != len(names):
                raise TableFlawed([Flaw(place, 1, "", f"Must be a list of {len(names)} values.")], what="row")
        return [dict(zip(names, row, strict=True)) for row in values]
    rows = whole if isinstance(whole, list) else [whole]
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise TableFlawed([Flaw(place, 1, "", "Must be an object of values by name.")], what="row")
    if not rows:
        raise TableUnreadable("there are no rows")
    return rows


def _json_lines(text: str) -> list[Any]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise TableFlawed([Flaw(number, error.colno, "", f"not JSON: {error.msg}")]) from None
    return rows


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))


def _column(values: list[Any]) -> "pa.Array[Any]":
    if any(isinstance(value, str) for value in values):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def arrow_file(stream: BinaryIO, mode: Literal["r", "w"]) -> pa.PythonFile:
    """Have Arrow read or write a stream; whoever opened it closes it."""
    return pa.PythonFile(cast("io.IOBase", stream), mode=mode)


def as_stream(text: str) -> BinaryIO:
    """Return a text as a file."""
    return io.BytesIO(text.encode())
