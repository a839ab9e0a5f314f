"""The file storage: all bytes or none, equal bytes once, limits exact."""

import hashlib
import io
from pathlib import Path

import pytest

from core.storage import CHUNK_BYTES, FileStorage, StorageUnknown, TooLarge, open_storage


class Breaking(io.BytesIO):
    """A stream whose sender goes away after the first chunk."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    return FileStorage(tmp_path / "artifacts")


def files(storage: FileStorage) -> list[Path]:
    return [path for path in storage.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_bytes_come_back_by_their_hash(storage: FileStorage, size: int) -> None:
    content = b"x" * size
    stored = storage.put(io.BytesIO(content), limit=size)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    with storage.open(stored.sha256) as stream:
        assert stream.read() == content


def test_one_byte_beyond_the_limit_keeps_nothing(storage: FileStorage) -> None:
    with pytest.raises(TooLarge):
        storage.put(io.BytesIO(b"four"), limit=3)
    assert files(storage) == []


def test_a_sender_that_goes_away_leaves_nothing(storage: FileStorage) -> None:
    with pytest.raises(ConnectionResetError):
        storage.put(Breaking(b"x" * 10), limit=100)
    assert files(storage) == []


def test_equal_bytes_are_kept_once_and_forgotten_twice(storage: FileStorage) -> None:
    first, second = (storage.put(io.BytesIO(b"same"), limit=4) for _ in range(2))
    assert first == second
    assert [name for name, _ in storage.names()] == [first.sha256]
    storage.delete(first.sha256)
    storage.delete(first.sha256)
    with pytest.raises(FileNotFoundError):
        storage.open(first.sha256)


@pytest.mark.parametrize("url", ["s3://bucket", "file:", "/var/lib", ""])
def test_a_url_of_an_unknown_storage_is_refused(url: str) -> None:
    with pytest.raises(StorageUnknown):
        open_storage(url)


def test_a_file_url_is_a_folder(tmp_path: Path) -> None:
    assert open_storage((tmp_path / "with blank").as_uri()) == FileStorage(tmp_path / "with blank")
