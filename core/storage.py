"""Where artifacts' bytes lie: content-addressed, so that equal bytes are kept once and a rewrite is harmless."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlparse

from core.errors import Invalid

CHUNK_BYTES = 1 << 20


class StorageUnknown(Invalid):
    """No storage is known for this URL."""

    code = "storage_unknown"


class TooLarge(Invalid):
    """More bytes than allowed."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of bytes that were stored."""

    sha256: str
    size: int


class Storage(Protocol):
    """A place for bytes named by their SHA-256."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store a stream durably; raises `TooLarge` and keeps nothing beyond `limit` bytes."""

    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes for reading and seeking; raises `FileNotFoundError`."""

    def delete(self, sha256: str) -> None:
        """Forget bytes; forgetting what is not there is fine."""

    def names(self) -> Iterator[tuple[str, float]]:
        """Walk over all that is stored: SHA-256 and modification time in epoch seconds."""


@dataclass(frozen=True, slots=True)
class FileStorage:
    """Bytes as files below one folder, two levels deep."""

    root: Path

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Write beside the target, flush to disk, then rename: readers see all bytes or none."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".incoming-", dir=self.root)
        try:
            with os.fdopen(handle, "wb") as target:
                stored = _copy(stream, target, limit)
            path = self._path(stored.sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise
        return stored

    def open(self, sha256: str) -> BinaryIO:
        """Open the file of that name."""
        return self._path(sha256).open("rb")

    def delete(self, sha256: str) -> None:
        """Remove the file of that name."""
        self._path(sha256).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        """Walk over the two levels of folders."""
        for path in self.root.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                yield path.name, path.stat().st_mtime

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def open_storage(url: str) -> Storage:
    """Find the storage that a URL names (`file:///var/lib/penstock/artifacts`)."""
    parsed = urlparse(url)
    if parsed.scheme == "file" and parsed.path:
        return FileStorage(Path(unquote(parsed.path)))
    raise StorageUnknown(f"PENSTOCK_STORAGE_URL must be file:///an/absolute/path, not {url!r}")


def _copy(stream: BinaryIO, target: BinaryIO, limit: int) -> Stored:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"at most {limit} bytes are accepted")
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return Stored(digest.hexdigest(), size)
