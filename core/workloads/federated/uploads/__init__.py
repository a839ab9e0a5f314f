"""Formats of uploaded arrays: one module for each, told apart by their first bytes."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import BinaryIO

from core.workloads.federated.uploads.base import Piece, UploadUnreadable

_LONGEST_MARK = 16


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """Yield a file's arrays in its own order; a piece's values are to be read before the next is asked for.

    Raises `UploadUnreadable`.
    """
    stream.seek(0)
    begins = stream.read(_LONGEST_MARK)
    stream.seek(0)
    for one in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        if one != "base":
            member = importlib.import_module(f"{__name__}.{one}")
            if member.recognizes(begins):
                yield from member.read(stream)
                return
    raise UploadUnreadable("It is neither npz nor safetensors nor Arrow.")
