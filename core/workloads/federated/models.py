"""Models as files: npz, the same bytes for the same values."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from core.workloads.federated.arrays import Values
from core.workloads.federated.layout import Layout
from core.workloads.federated.uploads.base import count

CHUNK_VALUES = 1 << 18
_BEGINNING = (1980, 1, 1, 0, 0, 0)
Read = Callable[[int, int], Values]
"""Returns the values from one place of a vector to another."""


def write_npz(file: BinaryIO, layout: Layout, dtype: "np.dtype[Any]", read: Read) -> None:
    """Write a vector as the arrays of a layout, a part at a time, and go back to the file's beginning."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, shape in layout.shapes:
            with archive.open(zipfile.ZipInfo(f"{name}.npy", _BEGINNING), "w", force_zip64=True) as entry:
                npy.write_array_header_1_0(entry, _header(shape, dtype))
                begins = layout.offsets[name]
                for start in range(begins, begins + count(shape), CHUNK_VALUES):
                    stop = min(start + CHUNK_VALUES, begins + count(shape))
                    entry.write(np.ascontiguousarray(read(start, stop), dtype).tobytes())
    file.seek(0)


def nested(layout: Layout, read: Read) -> dict[str, Any]:
    """Return a small model as lists by name."""
    return {
        name: read(layout.offsets[name], layout.offsets[name] + count(shape)).reshape(shape).tolist()
        for name, shape in layout.shapes
    }


def write_vectors(vectors: Mapping[str, Values]) -> bytes:
    """Return vectors as npz."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, vector in vectors.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy", _BEGINNING), "w", force_zip64=True) as entry:
                npy.write_array(entry, vector, allow_pickle=False)
    return file.getvalue()


def _header(shape: tuple[int, ...], dtype: "np.dtype[Any]") -> dict[str, Any]:
    return {"shape": shape, "fortran_order": False, "descr": npy.dtype_to_descr(dtype)}
