"""What every storage promises: bytes content-addressed, so that equal ones are kept once and a rewrite is harmless."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from core.errors import Invalid, Transient

CHUNK_BYTES = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")


class StorageUnknown(Invalid):
    """No storage is known for this URL."""

    code = "storage_unknown"


class StorageUnavailable(Transient):
    """The storage cannot be used just now."""

    code = "storage_unavailable"


class TooLarge(Invalid):
    """More bytes than allowed."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of bytes that were stored."""

    sha256: str
    size: int


class Storage(Protocol):
    """A place for bytes named by their SHA-256; every verb may raise `StorageUnavailable`."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store a stream durably, never all of it in memory; bytes that are there already become new again.

        Raises `TooLarge` and keeps nothing beyond `limit` bytes; what the stream raises passes, and nothing is kept.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes for reading and seeking, of which only what is read is fetched.

        Raises `FileNotFoundError`, for a name that is no SHA-256 too.
        """

    def holds(self, sha256: str) -> bool:
        """Tell whether bytes are there."""

    def delete(self, sha256: str) -> None:
        """Forget bytes; forgetting what is not there is fine."""

    def names(self) -> Iterator[tuple[str, float]]:
        """Walk over all that is stored: SHA-256 and the time of the latest `put` in epoch seconds."""

    def sweep(self, *, before: float) -> int:
        """Remove what puts that were cut short before that time (epoch seconds) left behind; return how many."""


class Incoming:
    """A stream on its way in: counted and hashed as it is read, refused beyond its limit."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._digest = hashlib.sha256()
        self._size = 0

    def chunks(self, size: int) -> Iterator[bytes]:
        """Read chunks of exactly that size but for the last; raises `TooLarge`."""
        while chunk := self._filled(size):
            yield chunk

    @property
    def stored(self) -> Stored:
        """What was read so far."""
        return Stored(self._digest.hexdigest(), self._size)

    def _filled(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size and (part := self._stream.read(min(size, CHUNK_BYTES))):
            self._size += len(part)
            if self._size > self._limit:
                raise TooLarge(f"at most {self._limit} bytes are accepted")
            self._digest.update(part)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def is_name(name: str) -> bool:
    """Tell whether a name is a SHA-256 as `Stored` writes it; whatever else lies about is not ours."""
    return _NAME.fullmatch(name) is not None
