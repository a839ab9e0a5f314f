"""The warm tier: a SQLite file that all processes of a host share; its rows bear checksums, its size is bounded.

Nothing in it is needed. A row that is not what was written is no row; a file that is none is taken away; one that
cannot be written is only read; and whatever else goes wrong is `WarmUnavailable`, which callers take for a miss.
"""

import contextlib
import hashlib
import os
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from core.errors import Transient
from core.platform.cache.entry import Entry

LIMIT_BYTES = 500_000_000
PAGE_BYTES = 4096
TOUCHED_EVERY_S = 600.0
"""A row that is read says so this often at most: saying it is a write."""
GONE_SHARE = 4
"""Of a full file the quarter goes that was used longest ago."""
BUSY_S = 0.2
_TABLE = """
CREATE TABLE IF NOT EXISTS entries (
  key TEXT PRIMARY KEY, value BLOB, fresh_until REAL NOT NULL, stale_until REAL NOT NULL,
  used_at REAL NOT NULL, checksum BLOB NOT NULL
)
"""
_PUT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)"
_GET = "SELECT value, fresh_until, stale_until, used_at, checksum FROM entries WHERE key = ?"
_EVICT = f"""
DELETE FROM entries WHERE key IN (
  SELECT key FROM entries ORDER BY used_at LIMIT (SELECT max(1, count(*) / {GONE_SHARE}) FROM entries))
"""  # noqa: S608 - made of the constant above


class WarmUnavailable(Transient):
    """The warm tier of the cache does not answer."""

    code = "cache_warm_unavailable"


@dataclass(slots=True)
class WarmTier:
    """Entries in a file of at most so many bytes, beside a write-ahead log that is folded into it again and again."""

    path: Path
    limit_bytes: int = LIMIT_BYTES
    corrupted: int = 0
    """How many rows were not what was written."""
    evicted: int = 0
    """How many rows went for want of room."""
    _connection: sqlite3.Connection | None = None
    _pid: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: str, now: float) -> Entry | None:
        """Return an entry that is fresh, or may be answered with while it is not; raises `WarmUnavailable`."""
        with self._opened() as connection:
            row = connection.execute(_GET, (key,)).fetchone()
            if row is None:
                return None
            value, fresh_until, stale_until, used_at, _checksum_kept = row
            if not _is_whole(key, row):
                self.corrupted += 1
                self._write(connection, "DELETE FROM entries WHERE key = ?", key)
                return None
            if now >= stale_until:
                return None
            if now - used_at > TOUCHED_EVERY_S:
                self._write(connection, "UPDATE entries SET used_at = ? WHERE key = ?", now, key)
            return Entry(value, fresh_until, stale_until)

    def put(self, key: str, entry: Entry, now: float) -> None:
        """Keep an entry; one of more than an eighth of the tier is not kept. Raises `WarmUnavailable`."""
        if entry.size > self.limit_bytes // 8:
            return
        row = (key, entry.value, entry.fresh_until, entry.stale_until, now, _checksum(key, entry))
        with self._opened() as connection:
            try:
                connection.execute(_PUT, row)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                    raise
                self.evicted += connection.execute(_EVICT).rowcount
                connection.execute(_PUT, row)

    def forget(self, key: str) -> None:
        """Take an entry away; raises `WarmUnavailable`."""
        with self._opened() as connection:
            connection.execute("DELETE FROM entries WHERE key = ?", (key,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._close()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection; a file that is no database is taken away for the next to begin anew."""
        with self._lock:
            try:
                yield self._connected()
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter over words of a broken schema
                self._close()
                if not isinstance(error, sqlite3.OperationalError):
                    self._begin_anew()
                raise WarmUnavailable(f"{type(error).__name__}: {error}") from error
            except OSError as error:
                raise WarmUnavailable(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None or self._pid != os.getpid():
            self._pid = os.getpid()  # what was opened before a fork is the parent's
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _open(self.path, self.limit_bytes)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        self._connection = None

    def _begin_anew(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{self.path}{suffix}").unlink()

    @staticmethod
    def _write(connection: sqlite3.Connection, statement: str, *values: object) -> None:
        """Write on the way of a read, which does not depend on it."""
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute(statement, values)


def _open(path: Path, limit_bytes: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA synchronous = OFF")  # what a crash of the host takes was only a copy
        connection.execute(f"PRAGMA max_page_count = {limit_bytes // PAGE_BYTES}")
        with contextlib.suppress(sqlite3.OperationalError):  # a file that cannot be written can be read
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA journal_size_limit = 1048576")
            connection.execute(_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_whole(key: str, row: tuple[object, ...]) -> bool:
    """Tell whether a row is what was written."""
    value, fresh_until, stale_until, _used_at, checksum = row
    if not isinstance(value, bytes | None) or not isinstance(fresh_until, float) or not isinstance(stale_until, float):
        return False
    return checksum == _checksum(key, Entry(value, fresh_until, stale_until))


def _checksum(key: str, entry: Entry) -> bytes:
    digest = hashlib.blake2b(key.encode(), digest_size=16)
    digest.update(struct.pack("<dd?", entry.fresh_until, entry.stale_until, entry.value is None))
    digest.update(entry.value or b"")
    return digest.digest()
