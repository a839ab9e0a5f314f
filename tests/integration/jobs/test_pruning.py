"""Pruning: what is old goes with all that belongs to it, in batches, and leaves counts."""

import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import artifacts, pruning
from core.jobs.chores import take_turn
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.pruning import prune, prune_jobs
from core.jobs.states import FINAL, State
from core.platform.access import Principal
from core.platform.tenants import ensure_tenant
from core.storage.file import FileStorage

RETENTION = timedelta(days=30)
Count = Callable[[str], int]


@pytest.fixture
def old(submit_job: Callable[..., UUID], put: Callable[..., None]) -> Callable[..., UUID]:
    """Make a job that ended a minute after or before its retention ran out."""

    def make(*, kind: str = "platform.echo", state: str = "succeeded", over: bool = True) -> UUID:
        job_id = submit_job(kind, {})
        age = RETENTION + timedelta(minutes=1 if over else -1)
        put(job_id, state=state, finished_at=func.now() - age)
        return job_id

    return make


def test_only_final_jobs_past_their_retention_go(database: Database, old: Callable[..., UUID], count: Count) -> None:
    for state in State:
        old(state=state)
        old(state=state, over=False)
    with database.transaction() as session:
        assert prune_jobs(session, retention=RETENTION) == len(FINAL)
    assert count("jobs") == 2 * len(State) - len(FINAL)


def test_all_of_a_job_goes_and_its_count_stays(
    station: Station, catalogue: Catalogue, submit_job: Callable[..., UUID], put: Callable[..., None], count: Count
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.log("a line")
        context.save_artifact("a.txt", b"a", "text/plain")
        return {}

    for _ in range(2):
        job_id = submit_job("platform.echo", {})
        execute(station, catalogue.find("platform.echo"), compute, job_id)
        put(job_id, finished_at=func.now() - RETENTION * 2)
        with station.database.transaction() as session:
            assert prune_jobs(session, retention=RETENTION) == 1
    left = [count(table) for table in ("jobs", "job_events", "job_log_lines", "artifacts")]
    assert left == [0, 0, 0, 0]
    with station.database.statements() as session:
        counted = session.execute(text("SELECT kind, state, count FROM pruned_counts")).all()
    assert counted == [("platform.echo", "succeeded", 2)]


def test_it_goes_on_in_batches_until_nothing_old_is_left(
    database: Database,
    storage: FileStorage,
    old: Callable[..., UUID],
    count: Count,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(5):
        old()
    monkeypatch.setattr(pruning, "BATCH", 2)
    with database.transaction() as session:
        assert prune_jobs(session, retention=RETENTION, batch=2) == 2
    assert count("jobs") == 3
    assert prune(database, storage, retention=RETENTION, every_s=3600.0)["jobs"] == 3
    assert prune(database, storage, retention=RETENTION, every_s=3600.0) == {}


def test_two_at_once_count_each_job_once(
    database: Database, old: Callable[..., UUID], at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(20):
        old()

    def prune_some() -> int:
        with database.transaction() as session:
            return prune_jobs(session, retention=RETENTION)

    assert sum(at_once(prune_some, 3)) == 20
    with database.statements() as session:
        assert session.scalar(text("SELECT sum(count) FROM pruned_counts")) == 20


def test_uploads_expire_unless_a_job_names_them(
    database: Database, storage: FileStorage, admin: Principal, count: Count
) -> None:
    stored = storage.put(io.BytesIO(b"abc"), limit=3)
    with database.transaction() as session:
        named, _ = (
            artifacts.record_upload(session, admin.tenant_id, name=name, content_type="text/csv", stored=stored)
            for name in ("a.csv", "b.csv")
        )
        artifacts.keep_uploads(session, admin.tenant_id, {"deep": [{"in": {"artifact": str(named)}}]})
        session.execute(text("UPDATE artifacts SET expires_at = expires_at - interval '2 days'"))
    with database.transaction() as session:
        assert (pruning.expire_uploads(session), pruning.expire_uploads(session)) == (1, 0)
    assert count("artifacts") == 1


@pytest.mark.parametrize("name", ["no id", "01890000-0000-7000-8000-000000000001", "another tenant's"])
def test_params_cannot_name_a_strange_artifact(
    database: Database, storage: FileStorage, admin: Principal, name: str
) -> None:
    with database.transaction() as session:
        if name == "another tenant's":
            other = ensure_tenant(session, "other")
            stored = storage.put(io.BytesIO(b"abc"), limit=3)
            name = str(artifacts.record_upload(session, other, name="a", content_type="text/csv", stored=stored))
        with pytest.raises(artifacts.ArtifactUnknown):
            artifacts.keep_uploads(session, admin.tenant_id, {"a": {"artifact": name}})


def test_bytes_that_no_row_names_go_when_they_are_old(
    database: Database, storage: FileStorage, admin: Principal
) -> None:
    named, orphan, young = (storage.put(io.BytesIO(content), limit=9) for content in (b"named", b"orphan", b"young"))
    long_ago = time.time() - pruning.ORPHAN_AGE.total_seconds() - 60
    for stored in (named, orphan):
        os.utime(Path(storage.root) / stored.sha256[:2] / stored.sha256, (long_ago, long_ago))
    with database.transaction() as session:
        artifacts.record_upload(session, admin.tenant_id, name="a", content_type="text/plain", stored=named)
    assert pruning.drop_orphans(database, storage) == 1
    assert {name for name, _ in storage.names()} == {named.sha256, young.sha256}


def test_old_idempotency_keys_go(database: Database, admin: Principal) -> None:
    insert = "INSERT INTO idempotency_keys (tenant_id, key, fingerprint, job_id, created_at) VALUES (:t, :k, '', :t, "
    with database.transaction() as session:
        for key, age in (("old", "8 days"), ("young", "6 days")):
            session.execute(text(f"{insert} now() - interval '{age}')"), {"t": admin.tenant_id, "k": key})
        assert (pruning.expire_keys(session), pruning.expire_keys(session)) == (1, 0)


def test_of_many_who_ask_for_a_turn_one_gets_it(database: Database, at_once: Callable[..., list[Any]]) -> None:
    def ask() -> bool:
        with database.transaction() as session:
            return take_turn(session, "sweep", every_s=60.0)

    assert sorted(at_once(ask, 6)) == [False] * 5 + [True]
    with database.transaction() as session:
        session.execute(text("UPDATE chores SET last_run_at = last_run_at - interval '61 seconds'"))
    assert sorted(at_once(ask, 6)) == [False] * 5 + [True]


def test_an_upload_that_expires_while_a_job_names_it_is_not_there(
    database: Database, storage: FileStorage, admin: Principal
) -> None:
    """Given pruning that has deleted the upload and not yet committed, the submission waits and is refused."""
    stored = storage.put(io.BytesIO(b"abc"), limit=3)
    with database.transaction() as session:
        upload = artifacts.record_upload(session, admin.tenant_id, name="a", content_type="text/csv", stored=stored)
        session.execute(text("UPDATE artifacts SET expires_at = now() - interval '1 minute'"))

    def keep() -> None:
        with database.transaction() as session:
            artifacts.keep_uploads(session, admin.tenant_id, {"a": {"artifact": str(upload)}})

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as pruning_session:
            pruning.expire_uploads(pruning_session)
            submission = pool.submit(keep)
            await_blocked(database)
        with pytest.raises(artifacts.ArtifactUnknown):
            submission.result()


def await_blocked(database: Database) -> None:
    """Wait until a statement waits for another's lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    give_up_at = time.monotonic() + 60
    with database.statements() as session:
        while not session.scalar(text(waiting)):
            assert time.monotonic() < give_up_at
