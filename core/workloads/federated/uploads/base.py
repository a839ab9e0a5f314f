"""What a format yields: pieces, each an array with its values still to be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Invalid
from core.workloads.federated.arrays import Values

CHUNK_BYTES = 1 << 20
MOST_ARRAYS = 10_000
MOST_VALUES = 500_000_000


class UploadUnreadable(Invalid):
    """The file does not hold arrays of numbers in a format that is read here."""

    code = "upload_unreadable"


@dataclass(frozen=True, slots=True)
class Piece:
    """One array of a file, its values float32 or float64 in C order."""

    name: str
    shape: tuple[int, ...]
    chunks: Iterator[Values]


def count(shape: tuple[int, ...]) -> int:
    """Return how many values an array has; raises `UploadUnreadable` for a shape that none has."""
    values = 1
    for length in shape:
        if length < 0:
            raise UploadUnreadable(f"No array has the shape {list(shape)}.")
        values *= length
    if values > MOST_VALUES:
        raise UploadUnreadable(f"An array of shape {list(shape)} has more than {MOST_VALUES:,} values.")
    return values
