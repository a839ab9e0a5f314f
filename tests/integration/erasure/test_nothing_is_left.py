"""A walk over every table: nothing of an erased tenant is left, nor anything that names an erased person."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Text, Uuid, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from core.clock import utc_now
from core.database import Base, Database
from core.ids import uuid7
from core.jobs.dropping import sweep_all
from core.platform.access import Principal, Role, member_label
from core.platform.accounts import lockout
from core.platform.accounts.members import index_of, invite
from core.platform.accounts.passwords import Passwords
from core.platform.alerts.raising import acknowledge_row, raise_alert
from core.platform.alerts.reading import get_alert
from core.platform.audit import entries
from core.platform.audit.entries import DONE, Entry
from core.platform.erasure import erasing, people
from tests.conftest import make_principal
from tests.integration.erasure.aged import insert_aged

SECRET_KEY = "a key for tests, of no worth elsewhere"
EMAIL = "ada@example.org"
THINGS = frozenset(
    {
        *("id", "tenant_id", "job_id", "on_job_id", "parent_id", "after", "owner_id", "workflow_id", "schedule_id"),
        *("alert_id", "rule_id", "channel_id", "webhook_id", "trigger_id", "event_id", "domain_id", "session_id"),
        *(
            "federation_id",
            "artifact_id",
            "moments_id",
            "source_id",
            "merge_id",
            "account_id",
            "connection_id",
            "link_id",
        ),
        *("class_id", "segment_id", "audience_id", "plan_id"),
    }
)
"""Ids of no person, whatever table they are in; but `members.id`."""
OF_THE_PLATFORM = {
    "chores",
    "concurrency_limits",
    "dropped_bytes",
    "governor_actions",
    "governor_reports",
    "queue_pauses",
    "toolchain_reports",
    "vital_counts",
}
"""Tables of nobody's rows."""


def naming(session: Session, *words: str) -> dict[str, int]:
    """Count the rows of each table that have any of these words anywhere."""
    found = {}
    for table in session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
        query = f"SELECT count(*) FROM {table} AS t WHERE to_jsonb(t)::text LIKE ANY (:words)"
        if count := session.scalar(text(query), {"words": [f"%{word}%" for word in words]}):
            found[table] = count
    return found


def columns_of(sql_type: type[TypeEngine[Any]]) -> set[str]:
    return {
        column.name for table in Base.metadata.sorted_tables for column in table.c if isinstance(column.type, sql_type)
    }


def test_every_id_is_known_to_be_of_a_thing_or_of_a_person() -> None:
    ours = {*people.BELONGING, *people.NAMING, *people.EVIDENCE}
    assert columns_of(Uuid) == THINGS | ours
    assert THINGS & ours == set()


def test_every_word_for_somebody_is_known() -> None:
    assert {name for name in columns_of(Text) if name.endswith("_by") or name == "who"} == {*people.WORDS, "held_by"}


@pytest.mark.parametrize(
    "process",
    [
        "from webapp.api import v1; from webapp.openapi import find_blueprints; list(find_blueprints(v1))",
        "import tasks.maintenance",
    ],
    ids=["web", "worker"],
)
def test_whoever_erases_knows_every_table_of_tenants(database: Database, process: str) -> None:
    told = f"{process}; from core.catalogue import discover; discover()\n"
    told += "from core.database import Base; print(*Base.metadata.tables)"
    known = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    with database.statements() as session:
        protected = text("SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relispartition")
        of_tenants = set(session.scalars(protected))
    assert of_tenants - set(known) == set()


def test_a_tenant_leaves_nothing_in_any_table_but_the_evidence(database: Database, admin: Principal) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    with database.transaction() as session:
        tables = insert_aged(session, admin.tenant_id)
        for principal in (admin, other):
            entries.append(session, Entry(principal.tenant_id, "POST /jobs", DONE, principal=principal))
        limit = "INSERT INTO concurrency_limits (name, max_running, declared) VALUES (:name, 1, false)"
        for name in (f"tenant:{admin.tenant_id}", f"key:{admin.tenant_id}:a", f"tenant:{other.tenant_id}"):
            session.execute(text(limit), {"name": name})
        session.execute(text("UPDATE login_failures SET subject = (SELECT email_index FROM members)"))
    with database.transaction() as session:
        before = naming(session, str(admin.tenant_id))
        assert len(before) > 35
        session.execute(text("DELETE FROM erasures"))
        erasing.erase_tenant(session, admin)
    erasing.go_on(database, sweep_all)
    with database.transaction() as session:
        assert naming(session, str(admin.tenant_id)).keys() == {"audit_entries", "erasures", "tenants"}
        left = {table: session.scalar(text(f"SELECT count(*) FROM {table}")) for table in sorted(tables)}
        assert naming(session, str(other.tenant_id)).keys() == {"audit_entries", "concurrency_limits", "tenants"}
    assert {table for table, count in left.items() if count} == OF_THE_PLATFORM | {"erasures"}


@pytest.fixture
def ada(database: Database, admin: Principal) -> Principal:
    """A member who has failed to log in."""
    with database.transaction() as session:
        args = (Passwords(), SECRET_KEY, admin.tenant_id, EMAIL, Role.ADMIN)
        member = invite(session, *args, now=utc_now()).member
        lockout.note_failure(session, index_of(SECRET_KEY, EMAIL))
        return Principal(member.id, admin.tenant_id, Role.ADMIN, EMAIL, session_id=uuid7())


def test_a_person_is_named_nowhere_but_in_the_evidence(database: Database, admin: Principal, ada: Principal) -> None:
    label = member_label(ada.id)
    with database.transaction() as session:
        insert_aged(session, admin.tenant_id)
        _name_everywhere(session, ada, {"uuid": str(ada.id), "text": label})
        alert_id = raise_alert(session, ada.tenant_id, "pumping", "dry", "info", "dry").id
        acknowledge_row(session, get_alert(session, ada.tenant_id, alert_id), ada.label)
        entries.append(session, Entry(ada.tenant_id, "POST /jobs", DONE, principal=ada))
        before = naming(session, str(ada.id))
        assert {"members", "jobs", "schedules", "triggers", "pumping_plans", "alerts", "alert_events"} <= before.keys()
        assert {"login_sessions", "recovery_codes", "queue_pauses", "pumping_overrides", "api_keys"} <= before.keys()
        assert naming(session, EMAIL) == {}, "its address is sealed, and written down nowhere else"
    with database.transaction() as session:
        evidence = erasing.erase_person(session, admin, ada.id)
    assert evidence.counts["members"] == 1
    assert evidence.counts["pumping_overrides.made_by"] == 2, "an old order and a young one"
    with database.transaction() as session:
        assert naming(session, str(ada.id)).keys() == {"audit_entries", "erasures"}
        assert naming(session, index_of(SECRET_KEY, EMAIL)) == {}
        words = session.scalars(text("SELECT data ->> 'by' FROM alert_events WHERE type = 'alert.acknowledged'")).all()
        assert words == [people.FORGOTTEN]


def test_one_tenant_cannot_erase_a_person_of_another(database: Database, ada: Principal) -> None:
    other = make_principal(database, "other", Role.ADMIN)
    with database.transaction() as session:
        before = naming(session, str(ada.id), index_of(SECRET_KEY, EMAIL))
        assert erasing.erase_person(session, other, ada.id).counts == {}
        session.execute(text("DELETE FROM erasures"))
        assert naming(session, str(ada.id), index_of(SECRET_KEY, EMAIL)) == before
        assert before.keys() == {"members", "data_keys", "login_failures"}


def _name_everywhere(session: Session, ada: Principal, values: Mapping[str, str]) -> None:
    """Have every column that may name a person name this one, evidence apart."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for name in (*people.BELONGING, *people.NAMING, *people.WORDS):
        value = values["text" if name in people.WORDS else "uuid"]
        for table in Base.metadata.sorted_tables:
            if name in table.c:
                session.execute(text(f"UPDATE {table.name} SET {name} = :value"), {"value": value})
    session.execute(text("DELETE FROM members WHERE id <> :id"), {"id": ada.id})
