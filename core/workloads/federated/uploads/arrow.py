"""Arrow IPC, as a file or stream: a row for each array, in columns `name`, `shape` (integers) and `values` (floats)."""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from core.workloads.federated.arrays import Values
from core.workloads.federated.uploads.base import Piece, UploadUnreadable, count

_FILE, _STREAM = b"ARROW1", b"\xff\xff\xff\xff"
COLUMNS = {"name", "shape", "values"}


def recognizes(begins: bytes) -> bool:
    """Tell a file or a stream."""
    return begins.startswith((_FILE, _STREAM))


def read(stream: BinaryIO) -> Iterator[Piece]:
    """Yield the arrays, a record batch at a time in memory."""
    try:
        for batch in _batches(stream):
            if set(batch.schema.names) != COLUMNS:
                raise UploadUnreadable(f"The columns are {batch.schema.names}; they must be name, shape and values.")
            for row in range(batch.num_rows):
                yield _piece(batch, row)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OSError, TypeError, ValueError) as error:
        raise UploadUnreadable(f"The Arrow file is broken: {error}") from error


def _batches(stream: BinaryIO) -> Iterator[Any]:
    source = pa.PythonFile(cast("Any", stream), mode="r")
    begins = stream.read(len(_FILE))
    stream.seek(0)
    if begins == _FILE:
        reader = ipc.open_file(source)
        yield from (reader.get_batch(place) for place in range(reader.num_record_batches))
    else:
        yield from ipc.open_stream(source)


def _piece(batch: Any, row: int) -> Piece:
    name, shape = str(batch.column("name")[row].as_py()), tuple(int(one) for one in batch.column("shape")[row].as_py())
    held = batch.column("values")[row].values
    if held is None or held.type not in {pa.float32(), pa.float64()}:
        raise UploadUnreadable(f"The values of {name} are no float32 or float64.")
    values: Values = held.to_numpy(zero_copy_only=False)
    if len(values) != count(shape):
        raise UploadUnreadable(f"{name} has {len(values)} values; its shape {list(shape)} takes {count(shape)}.")
    return Piece(name, shape, iter([np.ascontiguousarray(values)]))
