"""URLs of storages, and reading an object that keeps being cut off."""

import io
from pathlib import Path

import pytest
from botocore.exceptions import ResponseStreamingError

from core.storage import StorageUnavailable, StorageUnknown, open_storage
from core.storage.file import FileStorage
from core.storage.s3 import S3Storage
from core.storage.s3_reading import FIRST_BYTES, ObjectReader

CONTENT = bytes(range(256)) * 4096


@pytest.mark.parametrize(
    "url",
    [
        *("file:", "file://host/folder", "file:///folder?mode=1", "/var/lib", "", "base:///folder", "opening:///x"),
        *("s3_reading://bucket", "gs://bucket", "file://[", "s3://", "s3://ab", "s3://Bucket", "s3://bucket#part"),
        *("s3://key:secret@bucket", "s3://bucket?endpoint=ftp://host", "s3://bucket?zone=eu", "s3://bucket?nonsense"),
    ],
)
def test_a_url_of_an_unknown_storage_is_refused(url: str) -> None:
    with pytest.raises(StorageUnknown):
        open_storage(url)


def test_a_file_url_is_a_folder(tmp_path: Path) -> None:
    assert open_storage((tmp_path / "with blank").as_uri()) == FileStorage(tmp_path / "with blank")


@pytest.mark.parametrize(
    ("url", "storage"),
    [
        ("s3://abc", S3Storage("abc")),
        ("s3://abc/", S3Storage("abc")),
        ("s3://abc/a/b%20c/", S3Storage("abc", "a/b c/")),
        ("s3://abc/a?region=eu-north-1", S3Storage("abc", "a/", region="eu-north-1")),
        ("s3://abc?endpoint=https://host:9000", S3Storage("abc", endpoint="https://host:9000")),
    ],
)
def test_an_s3_url_is_a_prefix_of_a_bucket(url: str, storage: S3Storage) -> None:
    assert open_storage(url) == storage


class CutOff(io.BytesIO):
    """A body whose sender goes away after so many bytes."""

    def __init__(self, content: bytes, lasts: int) -> None:
        super().__init__(content)
        self._lasts = lasts

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._lasts:
            raise ResponseStreamingError(error="cut")
        return super().read(min(size or 0, self._lasts - self.tell()))


def test_an_object_that_is_cut_off_is_asked_again_from_where_it_stopped() -> None:
    asked: list[int] = []

    def fetch(start: int, stop: int) -> CutOff:
        asked.append(start)
        return CutOff(CONTENT[start:stop], 100_000)

    assert io.BufferedReader(ObjectReader(fetch, len(CONTENT)), 1 << 16).read() == CONTENT
    assert asked == sorted(set(asked))


def test_an_object_that_gives_nothing_is_given_up() -> None:
    asked: list[int] = []

    def fetch(start: int, stop: int) -> CutOff:
        asked.append(start)
        return CutOff(CONTENT[start:stop], 0)

    with pytest.raises(StorageUnavailable):
        ObjectReader(fetch, len(CONTENT)).read(1)
    assert asked == [0, 0, 0]


def test_a_short_read_asks_for_no_more_than_its_first_span() -> None:
    asked: list[tuple[int, int]] = []

    def fetch(start: int, stop: int) -> io.BytesIO:
        asked.append((start, stop))
        return io.BytesIO(CONTENT[start:stop])

    reader = io.BufferedReader(ObjectReader(fetch, len(CONTENT)), 1 << 16)
    reader.seek(1000)
    assert reader.read(10) == CONTENT[1000:1010]
    assert asked == [(1000, 1000 + FIRST_BYTES)]
