"""Orphans: stored bytes that no artifact and no window names, deleted without harming whoever is about to name them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database
from core.jobs.chores import take_turn
from core.storage import Storage, StorageUnavailable

ORPHAN_AGE = timedelta(hours=6)
"""How long bytes without a row are kept at least: longer than any upload takes, and than clocks are apart."""
BATCH = 500


def hold(session: Session, storage: Storage, sha256: str) -> None:
    """Have bytes stay that were just stored until this transaction, which is to record them, ends.

    Raises `StorageUnavailable` when they were deleted in between: as old orphans that had come back that moment.
    """
    session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))"), {"name": sha256})
    dropped = session.execute(text("SELECT FROM dropped_bytes WHERE sha256 = :name"), {"name": sha256}).first()
    if dropped is not None and not storage.holds(sha256):
        raise StorageUnavailable("the bytes were swept away while they came in: store them again")


def drop_orphans(database: Database, storage: Storage, *, every_s: float) -> dict[str, int]:
    """Delete old bytes that no artifact names if it is our turn, and what uploads that were cut short left behind."""
    with database.transaction() as session:
        if not take_turn(session, "drop_orphans", every_s=every_s):
            return {}
    cutoff = _cutoff(database)
    old = (name for name, stored_at in storage.names() if stored_at < cutoff)
    orphans = (orphan for names in _batches(old) for orphan in _announced(database, names))
    dropped = sum(_drop(database, storage, orphan) for orphan in orphans)
    return {"orphans": dropped, "cut_short": storage.sweep(before=cutoff)}


def _cutoff(database: Database) -> float:
    """Return the time, in epoch seconds, before which whatever lies unnamed will never be named."""
    with database.transaction() as session:
        cutoff = session.execute(_CUTOFF, {"age": ORPHAN_AGE}).scalar_one()
        session.execute(_FORGET, {"cutoff": cutoff})
    return float(cutoff)


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(names)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _announced(database: Database, names: list[str]) -> list[str]:
    """Return those that no artifact names, and tell of them before they go: a crash must not leave them untold."""
    with database.transaction() as session:
        return list(session.scalars(_ANNOUNCE, {"names": names}))


def _drop(database: Database, storage: Storage, sha256: str) -> bool:
    """Delete bytes unless somebody came to name them, whom the lock keeps out until they are gone."""
    with database.transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": sha256})
        named = session.execute(_NAMED, {"name": sha256}).first()
        if named is None:
            storage.delete(sha256)
        return named is None


_NAMED = text(
    """
SELECT FROM artifacts WHERE sha256 = :name UNION ALL SELECT FROM windows WHERE sha256 = :name LIMIT 1
"""
)
# An attempt stores bytes while it runs and records them at its end, which may be long after.
_CUTOFF = text(
    """
SELECT extract(epoch FROM least(now() - :age, min(started_at) - interval '1 hour')) FROM jobs WHERE state = 'running'
"""
)
_FORGET = text("DELETE FROM dropped_bytes WHERE dropped_at < to_timestamp(:cutoff) - interval '1 day'")
_ANNOUNCE = text(
    """
INSERT INTO dropped_bytes (sha256)
SELECT name FROM unnest(CAST(:names AS text[])) AS name
WHERE NOT EXISTS (SELECT FROM artifacts WHERE sha256 = name)
  AND NOT EXISTS (SELECT FROM windows WHERE sha256 = name) ORDER BY name
ON CONFLICT (sha256) DO UPDATE SET dropped_at = now()
RETURNING sha256
"""
)
