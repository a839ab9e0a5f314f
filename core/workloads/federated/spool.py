"""The spool: each update as one flat file of its values on the local disk, checked while it is written.

So strategies read updates as often as they like, a block at a time, whatever format they came in.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from core.errors import Invalid
from core.workloads.federated.arrays import Values, spans
from core.workloads.federated.layout import Layout
from core.workloads.federated.rounds import UpdateNotFinite
from core.workloads.federated.uploads.base import Piece, UploadUnreadable


class UpdateTooLong(Invalid):
    """The update is longer than updates may be."""

    code = "update_too_long"


class Disk:
    """Two files without names: of vectors one after another, and of the one that is being read."""

    def __init__(self) -> None:
        self._files = ExitStack()
        self.kept, self.scratch = (
            self._files.enter_context(tempfile.TemporaryFile()).fileno()  # noqa: SIM115 - closed by the stack
            for _ in range(2)
        )
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def place(self, length: int) -> int:
        """Return where so many bytes may be kept."""
        at, self._end = self._end, self._end + length
        return at


@dataclass(slots=True)
class Spooled:
    """One vector on disk."""

    file: int
    at: int
    dtype: "np.dtype[Any]"
    size: int
    norm: float
    factor: float = 1.0
    """What its values are multiplied by when they are read: less than one where it was clipped."""

    def read(self, start: int, stop: int) -> Values:
        """Return some of its values."""
        item = self.dtype.itemsize
        values: Values = np.frombuffer(os.pread(self.file, (stop - start) * item, self.at + start * item), self.dtype)
        return values if self.factor == 1.0 else values * self.dtype.type(self.factor)


def spool(pieces: Iterable[Piece], layout: Layout, disk: Disk, less: Spooled | None = None) -> Spooled:
    """Write a vector in the layout's order, less another one; raises `UploadUnreadable`, `UpdateNotFinite`.

    It is float64 where any of its arrays is, or the other one is; else float32.
    """
    parts, wide = [], less is not None and less.dtype == np.float64
    for piece in pieces:
        begins = at = layout.offsets[piece.name]
        for chunk in piece.chunks:
            _refuse_not_finite(chunk, piece.name, at - begins)
            wide = wide or chunk.dtype == np.float64
            os.pwrite(disk.scratch, chunk.astype(np.float64).tobytes(), at * 8)
            parts.append((at, at + len(chunk)))
            at += len(chunk)
    return _kept(parts, layout.size, np.dtype(np.float64 if wide else np.float32), disk, less)


def _kept(parts: list[tuple[int, int]], size: int, dtype: "np.dtype[Any]", disk: Disk, less: Spooled | None) -> Spooled:
    """Copy what was read to its place, in the precision that all of it needs."""
    place, square = disk.place(size * dtype.itemsize), 0.0
    for start, stop in parts:
        values: Values = np.frombuffer(os.pread(disk.scratch, (stop - start) * 8, start * 8), np.float64)
        if less is not None:
            values = values - less.read(start, stop)
        with np.errstate(over="ignore"):
            kept = values.astype(dtype)
            square += float(kept.astype(np.float64) @ kept.astype(np.float64))
        if not np.isfinite(square):
            raise UpdateNotFinite(f"The values are too large for {dtype}.")
        os.pwrite(disk.kept, kept.tobytes(), place + start * dtype.itemsize)
    return Spooled(disk.kept, place, dtype, size, float(np.sqrt(square)))


def _refuse_not_finite(chunk: Values, name: str, at: int) -> None:
    finite = np.isfinite(chunk)
    if not finite.all():
        place = int(np.flatnonzero(~finite)[0])
        told = "is no number" if np.isnan(chunk[place]) else "is infinite"
        raise UpdateNotFinite(f"The array {name!r} {told} at value {at + place}.")


def written_out(arrays: dict[str, Any]) -> Iterator[Piece]:
    """Yield arrays that the params hold, null as what is no number; raises `UploadUnreadable` for huge integers."""
    for name, value in arrays.items():
        try:
            array = np.array(value, dtype=np.float64)
        except OverflowError as error:
            raise UploadUnreadable(f"The array {name!r} has a number that no float64 is.") from error
        yield Piece(name, array.shape, iter([array.ravel()]))


class Vectors:
    """Spooled vectors as rows."""

    def __init__(self, vectors: list[Spooled]) -> None:
        self._vectors = vectors
        self.clients, self.size = len(vectors), vectors[0].size
        self.dtype: np.dtype[Any] = np.result_type(*(one.dtype for one in vectors))
        self._buffer = np.empty(0, self.dtype)

    def block(self, start: int, stop: int) -> Values:
        """Read some columns of all."""
        needed = self.clients * (stop - start)
        if len(self._buffer) < needed:
            self._buffer = np.empty(needed, self.dtype)
        whole = self._buffer[:needed].reshape(self.clients, stop - start)
        for row, vector in zip(whole, self._vectors, strict=True):
            row[:] = vector.read(start, stop)
        return whole


def whole(vector: Spooled) -> Values:
    """Read a vector into memory."""
    values = np.empty(vector.size, vector.dtype)
    for start, stop in spans(Vectors([vector])):
        values[start:stop] = vector.read(start, stop)
    return values
