"""Orphans: bytes that no artifact names go when they are old, never those that somebody is about to name."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import artifacts, orphans
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.retrying import retry
from core.platform.access import Principal
from core.storage import Storage, StorageUnavailable, Stored, open_storage
from tests.waiting import eventually


@dataclass
class Aged:
    """A storage that tells of everything as if it had been there for so long."""

    inner: Storage
    age_s: float = orphans.ORPHAN_AGE.total_seconds() + 60
    young: tuple[str, ...] = ()

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        return self.inner.put(stream, limit=limit)

    def open(self, sha256: str) -> BinaryIO:
        return self.inner.open(sha256)

    def holds(self, sha256: str) -> bool:
        return self.inner.holds(sha256)

    def delete(self, sha256: str) -> None:
        self.inner.delete(sha256)

    def names(self) -> Iterator[tuple[str, float]]:
        return ((name, at if name in self.young else at - self.age_s) for name, at in self.inner.names())

    def sweep(self, *, before: float) -> int:
        return self.inner.sweep(before=before + self.age_s)


@pytest.fixture(params=["file", "s3"])
def aged(request: pytest.FixtureRequest, tmp_path: Path) -> Aged:
    url = (tmp_path / "aged").as_uri() if request.param == "file" else str(request.getfixturevalue("s3_url"))
    return Aged(open_storage(url))


@pytest.fixture
def put_bytes(aged: Aged) -> Callable[[bytes], Stored]:
    return lambda content: aged.put(io.BytesIO(content), limit=99)


def left(storage: Storage) -> set[str]:
    return {name for name, _ in storage.names()}


def drop(database: Database, storage: Storage) -> int:
    return orphans.drop_orphans(database, storage, every_s=0.0)["orphans"]


def name(database: Database, tenant_id: UUID, storage: Storage, stored: Stored) -> None:
    """Record an upload as the web does."""
    with database.transaction() as session:
        orphans.hold(session, storage, stored.sha256)
        artifacts.record_upload(session, tenant_id, name="a", content_type="text/plain", stored=stored)


def test_bytes_that_no_row_names_go_when_they_are_old(
    database: Database, admin: Principal, aged: Aged, put_bytes: Callable[[bytes], Stored]
) -> None:
    named, orphan, young = (put_bytes(content) for content in (b"named", b"orphan", b"young"))
    aged.young = (young.sha256,)
    name(database, admin.tenant_id, aged, named)
    assert drop(database, aged) == 1
    assert left(aged) == {named.sha256, young.sha256}
    assert not aged.holds(orphan.sha256)


@pytest.mark.parametrize("started_before", [False, True])
def test_bytes_that_a_running_attempt_may_record_stay(
    database: Database,
    aged: Aged,
    put_bytes: Callable[[bytes], Stored],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    *,
    started_before: bool,
) -> None:
    """However old they are: an attempt names what it stored at its end."""
    put_bytes(b"early")
    began = timedelta(hours=8) if started_before else timedelta(0)
    put(submit_job("platform.echo", {}), state="running", started_at=func.now() - began)
    assert drop(database, aged) == (0 if started_before else 1)


def test_what_an_upload_that_was_cut_short_left_goes(database: Database, tmp_path: Path) -> None:
    (tmp_path / ".incoming-crashed").touch()
    swept = orphans.drop_orphans(database, Aged(open_storage(tmp_path.as_uri())), every_s=3600.0)
    assert swept == {"orphans": 0, "cut_short": 1}
    assert orphans.drop_orphans(database, Aged(open_storage(tmp_path.as_uri())), every_s=3600.0) == {}


def test_dropping_waits_for_whoever_is_naming_the_bytes(
    database: Database, admin: Principal, aged: Aged, put_bytes: Callable[[bytes], Stored]
) -> None:
    stored = put_bytes(b"again")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            orphans.hold(session, aged, stored.sha256)
            dropping = pool.submit(drop, database, aged)
            with database.statements() as watching:
                eventually(lambda: watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
            artifacts.record_upload(session, admin.tenant_id, name="a", content_type="text/plain", stored=stored)
        assert dropping.result() == 0
    assert aged.holds(stored.sha256)


def test_bytes_that_went_while_they_came_in_are_not_recorded(
    database: Database, admin: Principal, aged: Aged, put_bytes: Callable[[bytes], Stored], count: Callable[[str], int]
) -> None:
    stored = put_bytes(b"again")
    assert drop(database, aged) == 1
    with pytest.raises(StorageUnavailable):
        name(database, admin.tenant_id, aged, stored)
    assert count("artifacts") == 0
    name(database, admin.tenant_id, aged, put_bytes(b"again"))
    assert aged.holds(stored.sha256)


def test_what_was_dropped_is_remembered_for_a_while(
    database: Database, aged: Aged, put_bytes: Callable[[bytes], Stored], count: Callable[[str], int]
) -> None:
    put_bytes(b"orphan")
    remembered = []
    for age in ("0 hours", "29 hours", "2 hours"):
        drop(database, aged)
        with database.transaction() as session:
            session.execute(text(f"UPDATE dropped_bytes SET dropped_at = dropped_at - interval '{age}'"))
        remembered.append(count("dropped_bytes"))
    drop(database, aged)
    assert [*remembered, count("dropped_bytes")] == [1, 1, 1, 0]


def test_the_bytes_of_a_replaced_artifact_do_not_stay(
    station: Station, catalogue: Catalogue, admin: Principal, submit_job: Callable[..., UUID]
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.save_artifact("plan.txt", f"attempt {context.attempt}".encode(), "text/plain")
        return {}

    kind, job_id = catalogue.find("platform.echo"), submit_job("platform.echo", {})
    execute(station, kind, compute, job_id)
    with station.database.transaction() as session:
        retry(session, admin.tenant_id, job_id)
    execute(station, kind, compute, job_id)
    assert len(left(station.storage)) == 2
    assert drop(station.database, Aged(station.storage)) == 1
    (remaining,) = left(station.storage)
    with station.storage.open(remaining) as stream:
        assert stream.read() == b"attempt 2"
