"""Reading a table of numbers out of an artifact: NumPy, JSON, Parquet, Arrow or CSV, told apart by how it begins."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv, ipc, parquet

from core.workloads.causal.arrays import Floats

Table = tuple[tuple[str, ...], Floats]


class TableUnreadable(ValueError):
    """What is wrong with the table, in a sentence."""


def read(content: bytes) -> Table:
    """Return names and values (rows, variables), NaN where missing; raises `TableUnreadable`, naming the column."""
    try:
        return _read(content)
    except (pa.ArrowException, ValueError, KeyError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        if isinstance(error, TableUnreadable):
            raise
        raise TableUnreadable(f"The table cannot be read: {str(error).splitlines()[0][:300]}") from error


def _read(content: bytes) -> Table:
    if not content.strip():
        raise TableUnreadable("The table is empty.")
    stream = io.BytesIO(content)
    reader = next((reader for start, reader in _READERS.items() if content.startswith(start)), None)
    if reader is not None:
        return reader(stream)
    if content.lstrip()[:1] in {b"{", b"["}:
        return _of_json(json.loads(content))
    return _of_arrow(csv.read_csv(stream))


def _of_array(array: Any) -> Table:
    if array.ndim != 2 or array.dtype.kind not in "iufb":  # noqa: PLR2004 - rows and columns
        raise TableUnreadable("The array is no table of numbers: give it two axes, rows in the order of time.")
    return tuple(f"x{place}" for place in range(array.shape[1])), array.astype(np.float64)


def _of_archive(archive: Mapping[str, Any]) -> Table:
    if "values" not in archive:
        raise TableUnreadable("The archive has no array named 'values'.")
    names, values = _of_array(archive["values"])
    if "names" in archive:
        names = tuple(str(name) for name in archive["names"])
        if len(names) != values.shape[1]:
            raise TableUnreadable(f"{len(names)} names for {values.shape[1]} columns.")
    return names, values


def _of_arrow(table: Any) -> Table:
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
            if pa.types.is_null(kind):
                raise TableUnreadable(f"Column {name!r} is empty.")
            raise TableUnreadable(f"Column {name!r} holds {kind} where numbers are needed.")
        columns.append(column.cast(pa.float64()).fill_null(np.nan).to_numpy())
    if not columns:
        raise TableUnreadable("The table has no columns.")
    return tuple(table.column_names), np.column_stack(columns)


def _of_json(document: Any) -> Table:
    if isinstance(document, list) and document and isinstance(document[0], dict):
        document = {"names": list(document[0]), "values": [[row.get(name) for name in document[0]] for row in document]}
    if not isinstance(document, dict) or not {"names", "values"} <= set(document):
        raise TableUnreadable("Give a JSON object with names and values, or a list of objects.")
    names, rows = tuple(map(str, document["names"])), document["values"]
    if any(len(row) != len(names) for row in rows):
        raise TableUnreadable(f"Some row has not the {len(names)} values that there are names for.")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        if not all(entry is None or type(entry) in {int, float} for entry in column):
            raise TableUnreadable(f"Column {name!r} holds something else than numbers.")
    return names, np.array(rows, dtype=np.float64)


_READERS: dict[bytes, Callable[[io.BytesIO], Table]] = {
    b"\x93NUMPY": lambda stream: _of_array(np.load(stream, allow_pickle=False)),
    b"PK\x03\x04": lambda stream: _of_archive(np.load(stream, allow_pickle=False)),
    b"PAR1": lambda stream: _of_arrow(parquet.read_table(stream)),
    b"ARROW1": lambda stream: _of_arrow(ipc.open_file(stream).read_all()),
    b"\xff\xff\xff\xff": lambda stream: _of_arrow(ipc.open_stream(stream).read_all()),
}
"""By what files begin with."""
