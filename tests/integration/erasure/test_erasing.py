"""An erased person cannot be read anywhere again; an erased tenant has nothing left; the evidence of both stays."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, text

from core.crypto import CiphertextRefused
from core.database import Database
from core.jobs.dropping import sweep_all
from core.jobs.execution import Station, execute
from core.platform.access import PERMISSIONS, Principal, Role
from core.platform.audit import entries
from core.platform.audit.entries import DONE, Entry
from core.platform.erasure import erasing, exporting
from core.platform.notifications import subscriptions
from core.platform.sealing import keys
from core.platform.sealing.values import Place, open_sealed, seal
from core.redaction import PLACEHOLDER
from core.storage.file import FileStorage
from core.workloads.platform import export, kinds
from tests.conftest import make_principal

Submit = Callable[..., UUID]


def test_a_persons_values_are_unreadable_and_the_person_is_named_no_more(
    database: Database, admin: Principal, submit_job: Submit, row: Callable[[UUID], Row[Any]]
) -> None:
    place = Place(admin.tenant_id, "members", "email", admin.id)
    with database.transaction() as session:
        backup = seal(session, place, "ada@example.org", subject=admin.id)
    job_id = submit_job("platform.echo", {})
    assert row(job_id).submitted_by == admin.id
    with database.transaction() as session:
        evidence = erasing.erase_person(session, admin, admin.id)
    assert (evidence.keys_destroyed, evidence.finished_at is not None) == (1, True)
    assert evidence.counts == {"jobs.submitted_by": 1}
    assert row(job_id).submitted_by is None
    with database.statements() as session, pytest.raises(CiphertextRefused):
        open_sealed(session, place, backup)
    with database.transaction() as session:
        again = erasing.erase_person(session, admin, admin.id)
        assert (again.keys_destroyed, again.counts) == (0, {})
        assert len(erasing.list_erasures(session, admin.tenant_id)) == 2


def test_another_persons_values_and_another_tenant_are_left_alone(
    database: Database, admin: Principal, submit_job: Submit, row: Callable[[UUID], Row[Any]]
) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    grace = uuid4()
    with database.transaction() as session:
        keys.current_key(session, admin.tenant_id, subject=grace)
        keys.current_key(session, other.tenant_id, subject=admin.id)
    job_id = submit_job("platform.echo", {})
    with database.transaction() as session:
        assert erasing.erase_person(session, other, grace).keys_destroyed == 0
        assert erasing.erase_person(session, admin, uuid4()).keys_destroyed == 0
    assert row(job_id).submitted_by == admin.id


def test_a_tenant_has_nothing_left_but_the_trail_and_the_evidence(
    database: Database, admin: Principal, submit_job: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 2)
    other = make_principal(database, "other", Role.ADMIN)
    for _ in range(5):
        submit_job("platform.sign", {"text": "hello", "key": "a secret key"})
    with database.transaction() as session:
        for principal in (admin, other):
            subscriptions.create_channel(session, principal.tenant_id, {"name": "a", "url": "json://example.org"})
            entries.append(session, Entry(principal.tenant_id, "POST /jobs", DONE, principal=principal))
        begun = erasing.erase_tenant(session, admin)
        assert (begun.keys_destroyed > 0, begun.finished_at) == (True, None)
    assert erasing.go_on(database, sweep_all) > 0
    with database.transaction() as session:
        evidence = erasing.get_erasure(session, admin.tenant_id, begun.id)
        assert evidence.finished_at is not None
        assert (evidence.counts["jobs"], evidence.counts["sealed_params"]) == (5, 5)
        left = {}
        for table in session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
            of = f"SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE :id"
            left[table] = session.scalar(text(of), {"id": f"%{admin.tenant_id}%"})
        assert {table for table, count in left.items() if count} == {"audit_entries", "erasures", "tenants"}
        assert session.scalar(text("SELECT count(*) FROM job_events")) == 0
        assert session.scalar(text("SELECT count(*) FROM notification_channels")) == 1
    assert erasing.go_on(database, sweep_all) == 0


def files_of(content: bytes) -> dict[str, list[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in archive.namelist()}


@pytest.fixture
def exported(
    database: Database, station: Station, storage: FileStorage, submit_job: Submit
) -> Callable[..., dict[str, list[Any]]]:
    """Export as a worker does, and read the zip."""

    def run(**params: Any) -> dict[str, list[Any]]:
        job_id = submit_job("platform.export", params)
        outcome = execute(station, kinds.EXPORT, export.compute, job_id)
        assert outcome is not None
        assert outcome.state == "succeeded", outcome
        with database.statements() as session:
            sha256 = session.scalar(text("SELECT sha256 FROM artifacts WHERE job_id = :id"), {"id": job_id})
        with storage.open(str(sha256)) as stream:
            return files_of(stream.read())

    return run


def test_an_export_has_all_that_the_tenant_has_and_nothing_else(
    database: Database,
    admin: Principal,
    submit_job: Submit,
    exported: Callable[..., dict[str, list[Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    other = make_principal(database, "other", Role.ADMIN)
    submit_job("platform.echo", {})
    mine = submit_job("platform.sign", {"text": "hello", "key": "a secret key"})
    with database.transaction() as session:
        for principal in (admin, other):
            subscriptions.create_channel(session, principal.tenant_id, {"name": "a", "url": "json://me:pass@a.org"})
    found = exported()
    assert {"jobs.jsonl", "job_events.jsonl", "notification_channels.jsonl", "tenants.jsonl"} <= set(found)
    assert str(mine) in [job["id"] for job in found["jobs.jsonl"]]
    told = json.dumps(found)
    assert str(other.tenant_id) not in told
    assert "a secret key" not in told
    assert "me:pass" not in told
    assert [channel["url"] for channel in found["notification_channels.jsonl"]] == [PLACEHOLDER]
    (manifest,) = found["manifest.json"]
    assert manifest["rows"]["jobs"] == len(found["jobs.jsonl"])
    assert not exporting.LEFT_OUT & {name.removesuffix(".jsonl") for name in found}


def test_an_export_about_a_person_has_what_names_that_person(
    admin: Principal, submit_job: Submit, exported: Callable[..., dict[str, list[Any]]]
) -> None:
    mine = submit_job("platform.echo", {})
    assert str(mine) in [job["id"] for job in exported(subject=str(admin.id))["jobs.jsonl"]]
    assert set(exported(subject=str(uuid4()))) == {"manifest.json"}


def test_only_admins_may_export_and_erase() -> None:
    for permission in ("tenant:export", "tenant:erase", "secrets:rotate", "retention:write"):
        assert [role for role in Role if permission in PERMISSIONS[role]] == [Role.ADMIN]


def test_bytes_are_exported_as_text_that_json_can_say() -> None:
    assert exporting._plain([b"\x00\xff", memoryview(b"ab")]) == ["AP8=", "YWI="]
