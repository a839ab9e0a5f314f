"""Every storage: all bytes or none, equal bytes once, limits exact, what was cut short swept away."""

import hashlib
import io
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from core.storage import Storage, StorageUnavailable, Stored, TooLarge, open_storage, s3
from core.storage.base import CHUNK_BYTES
from core.storage.file import FileStorage
from core.storage.opening import schemes

PART_BYTES = s3.PART_BYTES
SIZES = [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, PART_BYTES - 1, PART_BYTES, 20 << 20]
STRANGE = ["", "a", "../../etc/passwd", "ü" * 64, "A" * 64, "0" * 63, "0" * 65, "incoming"]
NEVER = "0" * 64


class Broken(Exception):
    """The sender went away."""


class Breaking(io.BytesIO):
    """A stream whose sender goes away once so many bytes were read."""

    def __init__(self, content: bytes, *, after: int) -> None:
        super().__init__(content)
        self._after = after

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._after:
            raise Broken
        return super().read(size)


class Trickling(io.BytesIO):
    """A stream that gives less than was asked for, as sockets do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 700_001))


@pytest.fixture(params=sorted(schemes()))
def any_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    urls: dict[str, Callable[[], str]] = {
        "file": (tmp_path / "artifacts").as_uri,
        "s3": lambda: str(request.getfixturevalue("s3_url")),
    }
    return open_storage(urls[request.param]())


@pytest.fixture
def put(any_storage: Storage) -> Callable[[bytes], str]:
    """Store bytes and return their name."""
    return lambda content: any_storage.put(io.BytesIO(content), limit=len(content)).sha256


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def left_over(storage: Storage) -> int:
    """Count what lies about besides whole bytes, by removing it."""
    return storage.sweep(before=time.time() + 3600)


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_by_their_hash(any_storage: Storage, size: int) -> None:
    content = noise(size)
    stored = any_storage.put(Trickling(content), limit=size)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    with any_storage.open(stored.sha256) as stream:
        assert stream.read() == content
    assert any_storage.holds(stored.sha256)
    assert left_over(any_storage) == 0


@pytest.mark.parametrize("size", [4, PART_BYTES + 1])
def test_one_byte_beyond_the_limit_keeps_nothing(any_storage: Storage, size: int) -> None:
    with pytest.raises(TooLarge):
        any_storage.put(io.BytesIO(noise(size)), limit=size - 1)
    assert (list(any_storage.names()), left_over(any_storage)) == ([], 0)


@pytest.mark.parametrize("after", [1, PART_BYTES + CHUNK_BYTES])
def test_a_sender_that_goes_away_leaves_nothing(any_storage: Storage, after: int) -> None:
    with pytest.raises(Broken):
        any_storage.put(Breaking(noise(3 * PART_BYTES), after=after), limit=3 * PART_BYTES)
    assert (list(any_storage.names()), left_over(any_storage)) == ([], 0)


@pytest.mark.parametrize(("start", "length"), [(0, 10), (12_345, 1), (300_000, 70_000), (PART_BYTES - 5, 10)])
def test_a_range_is_read_from_where_it_lies(
    any_storage: Storage, put: Callable[[bytes], str], start: int, length: int
) -> None:
    content = noise(PART_BYTES + CHUNK_BYTES)
    with any_storage.open(put(content)) as stream:
        stream.seek(start)
        assert (stream.read(length), stream.tell()) == (content[start : start + length], start + length)


def test_reading_goes_anywhere_and_back(any_storage: Storage, put: Callable[[bytes], str]) -> None:
    content = noise(3 * CHUNK_BYTES)
    with any_storage.open(put(content)) as stream:
        assert stream.seekable()
        assert (stream.seek(-7, io.SEEK_END), stream.read()) == (len(content) - 7, content[-7:])
        assert stream.read(1) == b""
        assert (stream.seek(5), stream.read(3)) == (5, content[5:8])
        assert (stream.seek(CHUNK_BYTES, io.SEEK_CUR), stream.read(9)) == (
            8 + CHUNK_BYTES,
            content[8 + CHUNK_BYTES :][:9],
        )
        assert (stream.seek(len(content) + 1), stream.read(1)) == (len(content) + 1, b"")
        with pytest.raises((ValueError, OSError)):
            stream.seek(-1)


def test_equal_bytes_are_kept_once_and_forgotten_twice(any_storage: Storage, put: Callable[[bytes], str]) -> None:
    name = put(b"same")
    assert put(b"same") == name
    assert [each for each, _ in any_storage.names()] == [name]
    for _ in range(2):
        any_storage.delete(name)
    assert not any_storage.holds(name)
    with pytest.raises(FileNotFoundError):
        any_storage.open(name)


@pytest.mark.parametrize("size", [5, PART_BYTES + 1])
def test_many_put_the_same_at_once(any_storage: Storage, size: int) -> None:
    content = noise(size)

    def put_patiently(_: int) -> Stored:
        # The test server's threads trip over each other at times; the storage says so, and a job tries again.
        for _ in range(20):
            with suppress(StorageUnavailable):
                return any_storage.put(io.BytesIO(content), limit=size)
        raise AssertionError("the storage stays unavailable")

    with ThreadPoolExecutor(4) as pool:
        (stored,) = set(pool.map(put_patiently, range(4)))
    assert [name for name, _ in any_storage.names()] == [stored.sha256]
    with any_storage.open(stored.sha256) as stream:
        assert stream.read() == content
    assert left_over(any_storage) == 0


def test_bytes_that_are_put_again_are_new_again(any_storage: Storage, put: Callable[[bytes], str]) -> None:
    put(b"again")
    ((name, first_at),) = any_storage.names()
    give_up_at = time.monotonic() + 60
    while True:
        put(b"again")
        ((_, again_at),) = any_storage.names()
        if again_at > first_at:
            return
        assert time.monotonic() < give_up_at, name


def test_all_that_is_stored_is_listed_page_by_page(
    any_storage: Storage, put: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PAGE_KEYS", 2)
    before = time.time() - 60
    names = {put(str(number).encode()) for number in range(5)}
    listed = list(any_storage.names())
    assert sorted(name for name, _ in listed) == sorted(names)
    assert all(before < at < before + 600 for _, at in listed)


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_that_is_no_hash_names_nothing(any_storage: Storage, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        any_storage.open(name)
    assert not any_storage.holds(name)
    any_storage.delete(name)


def test_what_is_not_ours_is_left_alone(any_storage: Storage, put: Callable[[bytes], str], tmp_path: Path) -> None:
    name = put(b"ours")
    if isinstance(any_storage, FileStorage):
        for path in ("ab/readme.txt", "README", f"{name[:2]}/.hidden"):
            (any_storage.root / path).parent.mkdir(exist_ok=True)
            (any_storage.root / path).touch()
    elif isinstance(any_storage, s3.S3Storage):
        for key in ("ab/readme.txt", "README", f"ab/{NEVER}"):
            any_storage.ask("put_object", Key=any_storage.prefix + key, Body=b"")
    assert [each for each, _ in any_storage.names()] == [name]
    assert left_over(any_storage) == 0


def test_what_a_crash_left_is_swept_when_it_is_old(any_storage: Storage, put: Callable[[bytes], str]) -> None:
    put(b"whole")
    if isinstance(any_storage, FileStorage):
        (any_storage.root / ".incoming-crashed").write_bytes(b"half")
    elif isinstance(any_storage, s3.S3Storage):
        any_storage.ask("put_object", Key=f"{any_storage.prefix}incoming/crashed", Body=b"half")
    assert any_storage.sweep(before=time.time() - 3600) == 0
    assert any_storage.sweep(before=time.time() + 3600) == 1
    assert len(list(any_storage.names())) == 1


def test_an_empty_storage_is_no_trouble(any_storage: Storage) -> None:
    assert list(any_storage.names()) == []
    assert left_over(any_storage) == 0
    assert not any_storage.holds(NEVER)
    any_storage.delete(NEVER)


@pytest.mark.parametrize("scheme", sorted(schemes()))
def test_a_storage_that_is_away_says_so(scheme: str, s3_endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "no folder").touch()
    urls = {
        "file": (tmp_path / "no folder").as_uri(),
        "s3": "s3://bucket?endpoint=http://127.0.0.1:1&region=eu-north-1",
    }
    with pytest.raises(StorageUnavailable):
        open_storage(urls[scheme]).put(io.BytesIO(b"abc"), limit=3)
