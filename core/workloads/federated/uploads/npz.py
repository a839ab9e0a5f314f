"""NPZ: a zip archive of NumPy's arrays, as `numpy.savez` and `savez_compressed` write it; read as a stream."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from core.workloads.federated.arrays import Values
from core.workloads.federated.uploads.base import CHUNK_BYTES, MOST_ARRAYS, Piece, UploadUnreadable, count

_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError)


def recognizes(begins: bytes) -> bool:
    """Tell a zip archive."""
    return begins.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(stream: BinaryIO) -> Iterator[Piece]:
    """Yield the archive's arrays; nothing is unpickled."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = [one for one in archive.namelist() if one.endswith(".npy")]
            if not members or len(members) > MOST_ARRAYS:
                raise UploadUnreadable(f"The archive has {len(members)} arrays; from 1 to {MOST_ARRAYS:,} are read.")
            for member in members:
                with archive.open(member) as entry:
                    shape, dtype = _header(entry, member)
                    yield Piece(member.removesuffix(".npy"), shape, _chunks(entry, count(shape), dtype, member))
    except _BROKEN as error:
        raise UploadUnreadable(f"The npz file is broken: {error}") from error


def _header(entry: IO[bytes], member: str) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
    version = npy.read_magic(entry)
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = reader(entry)
    if dtype.kind not in "fiu" or dtype.itemsize > 8:  # noqa: PLR2004 - longer floats are of no one format
        raise UploadUnreadable(f"{member} holds {dtype}; float32 and float64 are read, and integers.")
    if fortran and len(shape) > 1:
        raise UploadUnreadable(f"{member} is in Fortran order; write it with numpy.ascontiguousarray.")
    return shape, dtype


def _chunks(entry: IO[bytes], left: int, dtype: "np.dtype[Any]", member: str) -> Iterator[Values]:
    most = CHUNK_BYTES // dtype.itemsize
    kept = np.dtype(np.float32) if dtype.newbyteorder("=") in {np.dtype("f4"), np.dtype("f2")} else np.dtype(np.float64)
    while left:
        content = entry.read(min(left, most) * dtype.itemsize)
        if not content or len(content) % dtype.itemsize:
            raise UploadUnreadable(f"{member} ends before its last value.")
        values = np.frombuffer(content, dtype)
        left -= len(values)
        yield values.astype(kept)
