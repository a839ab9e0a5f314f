"""Expiry: uploads go with the last job that reads them, keys and runs of schedules when nobody can ask for them."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.clock import monotonic
from core.database import Database
from core.ids import uuid7
from core.jobs import artifacts, expiry
from core.jobs.expiry import expire, expire_keys, expire_runs, expire_uploads
from core.jobs.graph_models import Workflow
from core.jobs.pruning import prune
from core.platform.access import Principal
from core.platform.tenants import ensure_tenant
from core.storage.file import FileStorage
from tests.waiting import eventually

RETENTION = timedelta(days=30)
Upload = Callable[..., UUID]


@pytest.fixture
def upload(database: Database, storage: FileStorage, admin: Principal) -> Upload:
    """Record an upload, whose time may be over."""

    def record(*, over: bool = False) -> UUID:
        stored = storage.put(io.BytesIO(b"abc"), limit=3)
        with database.transaction() as session:
            found = artifacts.record_upload(session, admin.tenant_id, name="a", content_type="text/csv", stored=stored)
            if over:
                session.execute(
                    text("UPDATE artifacts SET expires_at = now() - interval '1 s' WHERE id = :i"), {"i": found}
                )
        return found

    return record


@pytest.fixture
def reader(submit_job: Callable[..., UUID], database: Database, admin: Principal) -> Callable[[UUID], UUID]:
    """Submit a job whose params name an upload."""

    def submit_one(artifact_id: UUID) -> UUID:
        params = {"deep": [{"in": {"artifact": str(artifact_id)}}]}
        with database.transaction() as session:
            artifacts.keep_uploads(session, admin.tenant_id, params)
        return submit_job("platform.echo", params)

    return submit_one


@pytest.fixture
def kept(database: Database) -> Callable[[], set[UUID]]:
    """Expire what is over, and read what is left."""

    def read() -> set[UUID]:
        with database.transaction() as session:
            expire_uploads(session, retention=RETENTION)
        with database.statements() as session:
            return set(session.scalars(text("SELECT id FROM artifacts")))

    return read


def test_uploads_expire_unless_a_job_names_them(
    upload: Upload, reader: Callable[[UUID], UUID], kept: Callable[[], set[UUID]]
) -> None:
    over, named, young = upload(over=True), upload(over=True), upload()
    reader(named)
    assert over not in kept()
    assert kept() == {named, young}


def test_an_upload_goes_with_the_last_job_that_reads_it(
    database: Database,
    upload: Upload,
    reader: Callable[[UUID], UUID],
    put: Callable[..., None],
    kept: Callable[[], set[UUID]],
) -> None:
    named = upload()
    for job_id, expected in zip([reader(named), reader(named)], [{named}, set()], strict=True):
        put(job_id, state="succeeded", finished_at=func.now() - RETENTION * 2)
        assert kept() == {named}
        assert prune(database, retention=RETENTION, every_s=0.0, monotonic=monotonic) == 1
        assert kept() == expected


def test_a_job_stays_while_another_reads_what_it_left(
    database: Database,
    upload: Upload,
    reader: Callable[[UUID], UUID],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
) -> None:
    made, maker = upload(), submit_job("platform.echo", {})
    with database.transaction() as session:
        session.execute(text("UPDATE artifacts SET job_id = :job WHERE id = :id"), {"job": maker, "id": made})
    reading = reader(made)
    put(maker, state="succeeded", finished_at=func.now() - RETENTION * 2)
    assert prune(database, retention=RETENTION, every_s=0.0, monotonic=monotonic) == 0
    put(reading, state="failed", finished_at=func.now())
    assert prune(database, retention=RETENTION, every_s=0.0, monotonic=monotonic) == 1


def test_an_upload_that_a_schedule_names_stays(
    database: Database, admin: Principal, upload: Upload, kept: Callable[[], set[UUID]]
) -> None:
    named = upload(over=True)
    schedule_of(database, admin.tenant_id, named)
    assert kept() == {named}


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


def test_an_upload_that_expires_while_a_job_names_it_is_not_there(
    database: Database, admin: Principal, upload: Upload
) -> None:
    """Given expiry that has deleted the upload and not yet committed, the submission waits and is refused."""
    over = upload(over=True)

    def keep() -> None:
        with database.transaction() as session:
            artifacts.keep_uploads(session, admin.tenant_id, {"a": {"artifact": str(over)}})

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as expiring:
            assert expire_uploads(expiring, retention=RETENTION) == (1, 1)
            submission = pool.submit(keep)
            with database.statements() as session:
                eventually(lambda: session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
        with pytest.raises(artifacts.ArtifactUnknown):
            submission.result()


def test_an_upload_that_is_being_named_is_passed_over(database: Database, admin: Principal, upload: Upload) -> None:
    over = upload(over=True)
    with database.transaction() as naming:
        artifacts.keep_uploads(naming, admin.tenant_id, {"a": {"artifact": str(over)}})
        with database.transaction() as session:
            assert expire_uploads(session, retention=RETENTION) == (0, 0)


@pytest.mark.parametrize(
    ("days", "retention_days", "there", "goes"),
    [
        (8, 30, "job", True),
        (6, 30, "job", False),
        (6, 30, "nothing", False),
        (2, 1, "job", False),
        (2, 1, "workflow", False),
        (2, 1, "nothing", True),
        (0, 1, "nothing", False),
    ],
)
def test_idempotency_keys_go_after_a_week_or_with_what_they_stand_for(
    database: Database,
    admin: Principal,
    submit_job: Callable[..., UUID],
    *,
    days: int,
    retention_days: int,
    there: str,
    goes: bool,
) -> None:
    made = submit_job("platform.echo", {}) if there == "job" else uuid7()
    with database.transaction() as session:
        if there == "workflow":
            session.add(Workflow(id=made, tenant_id=admin.tenant_id, role=admin.role))
            session.flush()
        session.execute(text("UPDATE tenants SET retention_days = :days"), {"days": retention_days})
        session.execute(
            text(
                "INSERT INTO idempotency_keys (tenant_id, key, fingerprint, job_id, created_at)"
                " VALUES (:tenant, 'key', '', :made, now() - make_interval(days => :days))"
            ),
            {"tenant": admin.tenant_id, "made": made, "days": days},
        )
        assert expire_keys(session, retention=RETENTION) == (goes, goes)


def test_runs_of_schedules_go_with_the_jobs_of_their_time(database: Database, admin: Principal) -> None:
    schedule_id = schedule_of(database, admin.tenant_id, uuid7())
    insert = text(
        "INSERT INTO schedule_runs (schedule_id, fire_at, outcome, recorded_at)"
        " SELECT :id, at, 'missed', at FROM (SELECT now() - make_interval(days => :days) AS at) AS instant"
    )
    with database.transaction() as session:
        for days in (31, 29):
            session.execute(insert, {"id": schedule_id, "days": days})
        assert [expire_runs(session, retention=RETENTION) for _ in range(2)] == [(1, 1), (0, 0)]


def test_a_turn_expires_in_batches_until_nothing_is_over(
    database: Database, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "BATCH", 2)
    for _ in range(5):
        upload(over=True)
    gone = expire(database, retention=RETENTION, every_s=3600.0, monotonic=monotonic)
    assert {name: went for name, went in gone.items() if went} == {"uploads": 5}
    assert expire(database, retention=RETENTION, every_s=3600.0, monotonic=monotonic) == {}


def schedule_of(database: Database, tenant_id: UUID, artifact_id: UUID) -> UUID:
    """Record a schedule whose params name an artifact."""
    schedule_id = uuid7()
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO schedules (id, tenant_id, role, kind, params, every_s) VALUES"
                " (:id, :tenant, 'admin', 'platform.echo',"
                " jsonb_build_object('a', jsonb_build_object('artifact', CAST(:artifact AS text))), 60)"
            ),
            {"id": schedule_id, "tenant": tenant_id, "artifact": str(artifact_id)},
        )
    return schedule_id
