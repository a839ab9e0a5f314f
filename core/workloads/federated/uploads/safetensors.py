"""Safetensors: a header in JSON, then the arrays' bytes (github.com/huggingface/safetensors, section Format)."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from core.workloads.federated.arrays import Values
from core.workloads.federated.uploads.base import CHUNK_BYTES, MOST_ARRAYS, Piece, UploadUnreadable, count

_PREFIX = 8
_LARGEST_HEADER = 16 << 20
_TYPES: dict[str, np.dtype[Any]] = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4"), "F64": np.dtype("<f8")}


def recognizes(begins: bytes) -> bool:
    """Tell the length of a header and the brace that it begins with."""
    return begins[_PREFIX : _PREFIX + 1] == b"{" and int.from_bytes(begins[:_PREFIX], "little") <= _LARGEST_HEADER


def read(stream: BinaryIO) -> Iterator[Piece]:
    """Yield the file's arrays in the order of their bytes, which lie one after another without a gap."""
    length = int.from_bytes(stream.read(_PREFIX), "little")
    try:
        header: dict[str, Any] = json.loads(stream.read(length))
        header.pop("__metadata__", None)
        entries = sorted(header.items(), key=lambda entry: entry[1]["data_offsets"])
        if not entries or len(entries) > MOST_ARRAYS:
            raise UploadUnreadable(f"The file has {len(entries)} arrays; from 1 to {MOST_ARRAYS:,} are read.")
        at = 0
        for name, entry in entries:
            shape, dtype = tuple(int(one) for one in entry["shape"]), _TYPES.get(entry["dtype"])
            if dtype is None:
                raise UploadUnreadable(f"{name} holds {entry['dtype']}; {', '.join(_TYPES)} are read.")
            begins, ends = entry["data_offsets"]
            if begins != at or ends - begins != count(shape) * dtype.itemsize:
                raise UploadUnreadable(f"The offsets of {name} do not fit its shape and its neighbours.")
            at = ends
            stream.seek(_PREFIX + length + begins)
            yield Piece(name, shape, _chunks(stream, ends - begins, dtype, name))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UploadUnreadable(f"The header of the safetensors file is broken: {error}") from error


def _chunks(stream: BinaryIO, left: int, dtype: "np.dtype[Any]", name: str) -> Iterator[Values]:
    kept = np.float64 if dtype.itemsize == 8 else np.float32  # noqa: PLR2004 - bytes of a float64
    while left:
        content = stream.read(min(left, CHUNK_BYTES))
        if not content or len(content) % dtype.itemsize:
            raise UploadUnreadable(f"{name} ends before its last value.")
        left -= len(content)
        yield np.frombuffer(content, dtype).astype(kept)
