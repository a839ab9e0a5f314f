"""Bytes as files below one folder, of this machine or mounted by all: `file:///var/lib/penstock/artifacts`."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, unquote

from core.storage.base import CHUNK_BYTES, Incoming, StorageUnavailable, StorageUnknown, Stored, is_name

_INCOMING = ".incoming-"


@dataclass(frozen=True, slots=True)
class FileStorage:
    """Files two levels deep."""

    root: Path

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Write beside the target, flush to disk, then rename: readers see all bytes or none."""
        with _one_sort_of_trouble():
            self.root.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_INCOMING, dir=self.root)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                stored = _copy(Incoming(stream, limit), target)
            with _one_sort_of_trouble():
                self._place(temporary, self._path(stored.sha256))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        return stored

    def open(self, sha256: str) -> BinaryIO:
        """Open the file of that name."""
        if not is_name(sha256):
            raise FileNotFoundError(sha256)
        with _one_sort_of_trouble():
            return self._path(sha256).open("rb")

    def holds(self, sha256: str) -> bool:
        """Look for the file of that name."""
        return is_name(sha256) and self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """Remove the file of that name."""
        if is_name(sha256):
            with _one_sort_of_trouble():
                self._path(sha256).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        """Walk over the two levels of folders."""
        for path in self.root.glob("??/*"):
            if is_name(path.name):
                with contextlib.suppress(FileNotFoundError):
                    yield path.name, path.stat().st_mtime

    def sweep(self, *, before: float) -> int:
        """Remove old files that were never renamed."""
        swept = 0
        for path in self.root.glob(f"{_INCOMING}*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        return swept

    def _place(self, temporary: Path, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
        for folder in (path.parent, self.root):
            _flush_folder(folder)

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def open_url(url: SplitResult) -> FileStorage:
    """Make the storage in the folder that a URL names; raises `StorageUnknown`."""
    if url.netloc or not url.path or url.query or url.fragment:
        raise StorageUnknown(f"PENSTOCK_STORAGE_URL must be file:///an/absolute/path, not {url.geturl()!r}")
    return FileStorage(Path(unquote(url.path)))


def _copy(incoming: Incoming, target: BinaryIO) -> Stored:
    for chunk in incoming.chunks(CHUNK_BYTES):
        with _one_sort_of_trouble():
            target.write(chunk)
    with _one_sort_of_trouble():
        target.flush()
        os.fsync(target.fileno())
    return incoming.stored


@contextlib.contextmanager
def _one_sort_of_trouble() -> Iterator[None]:
    """Have a full disk or a lost mount pass for what they are; that a file is missing says something else."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"the folder cannot be used: {error.strerror}") from error


def _flush_folder(folder: Path) -> None:
    """Have a rename last: the disk keeps a folder's names apart from the files' bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
