"""Resolving bit by bit on the real database equals resolving everything anew, in whatever order events come."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from core.platform.tenants import ensure_tenant
from core.workloads.customers.operations import erasing, figures, ingesting, people, rebuilding, resolving, sources

NOW = datetime(2026, 11, 27, tzinfo=UTC)

UNLINKED = text(
    """
SELECT count(*) FROM (SELECT id, unnest(identifiers) AS part FROM customer_sightings) AS seen
FULL JOIN customer_sighting_links AS link ON link.sighting_id = seen.id AND link.identifier_id = seen.part
WHERE link.sighting_id IS NULL OR seen.id IS NULL
"""
)
"""Counts parts of sightings without a link, and links without one."""


def chance_events(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Make events of people who share devices and phones, some with values that say nothing."""
    made = []
    minutes = rng.sample(range(count), count)  # no two at the same time: ties are broken by each tenant's own key
    for number in range(count):
        person = rng.randrange(max(2, count // 6))
        fields: dict[str, Any] = {}
        traits: dict[str, Any] = {}
        if rng.random() < 0.5:
            fields["userId"] = rng.choice([f"u-{person}", f"u-{person}", "null"])
        if rng.random() < 0.5:
            traits["email"] = f"p{person}.{rng.randrange(3)}@example.com"
        if rng.random() < 0.4:
            traits["phone"] = f"+1800555{person // 2:04d}"
        fields["anonymousId"] = f"a-{person * 4 + rng.randrange(6)}"
        at = (NOW - timedelta(minutes=minutes[number])).isoformat()
        made.append({"type": "identify", "messageId": f"m-{number}", "timestamp": at, "traits": traits, **fields})
    return made


def take_in(database: Database, tenant_id: UUID, events: list[dict[str, Any]], step: int) -> None:
    for start in range(0, len(events), step):
        with database.within(tenant_id).transaction() as session:
            sources.lock_people(session, tenant_id)
            source = sources.find_or_create(session, tenant_id, "shop", "import")
            outcome = ingesting.ingest(session, source, enumerate(events[start : start + step]), NOW)
            assert outcome.rejected == []
            resolving.resolve_touched(session, tenant_id, outcome.sightings)
            figures.refresh(session, tenant_id, outcome.people)


def groups(database: Database, tenant_id: UUID) -> set[frozenset[str]]:
    """Return who is who, by identifiers that are the same in all tenants."""
    with database.within(tenant_id).transaction() as session:
        told: dict[int, set[str]] = {}
        for (person,) in session.execute(text("SELECT DISTINCT profile_id FROM customer_identifiers")).all():
            known = people.identifiers_of(session, tenant_id, person)
            told[person] = {f"{one.type}:{people.opened(session, tenant_id, one)}" for one in known}
    return {frozenset(group) for group in told.values()}


@pytest.mark.parametrize(("count", "step"), [(150, 20), pytest.param(10_000, 400, marks=pytest.mark.deep)])
def test_incremental_equals_rebuild_in_any_order(database: Database, count: int, step: int) -> None:
    rng = random.Random(count)
    events = chance_events(rng, count)
    found = []
    for order in range(2):
        with database.transaction() as session:
            tenant_id = ensure_tenant(session, f"order-{order}")
        take_in(database, tenant_id, events, step)
        with database.within(tenant_id).transaction() as session:
            assert rebuilding.compare(session, tenant_id)["differing"] == 0
            assert session.scalar(UNLINKED) == 0
            rebuilt = rebuilding.rebuild(session, tenant_id)
            assert (rebuilt["changed_profiles"], rebuilt["merges"]) == (0, 0)
        found.append(groups(database, tenant_id))
        rng.shuffle(events)
    assert found[0] == found[1]
    assert max(map(len, found[0])) > 3


def test_a_person_erased_leaves_nothing(database: Database) -> None:
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "forgetful")
    take_in(database, tenant_id, chance_events(random.Random(1), 30), 30)
    with database.within(tenant_id).transaction() as session:
        person = people.list_profiles(session, tenant_id, limit=1)[0].id
        gone = erasing.erase(session, tenant_id, person)
        assert gone["customer_profiles"] == 1
        assert gone["customer_identifiers"] > 0
        kept = text("SELECT count(*) FROM customer_identifiers WHERE profile_id = :person")
        assert session.scalar(kept, {"person": person}) == 0
        assert gone["customer_sighting_links"] > 0
        assert session.scalar(UNLINKED) == 0
        assert erasing.erase(session, tenant_id, person) == dict.fromkeys(gone, 0)
        assert rebuilding.compare(session, tenant_id)["differing"] == 0


def test_what_hangs_together_is_found_by_indexes_behind_row_level_security(database: Database) -> None:
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "crowded")
    take_in(database, tenant_id, chance_events(random.Random(2), 400), 400)
    with database.transaction() as session:
        session.execute(text("ANALYZE customer_sighting_links"))
    with database.within(tenant_id).transaction() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        asked = f"EXPLAIN {resolving.NEIGHBOURS.text}"
        plan = "\n".join(row[0] for row in session.execute(text(asked), {"ids": [1]}))
    assert plan.count("Index Only Scan") + plan.count("Index Scan") + plan.count("Bitmap Index Scan") >= 2
    assert "Index Cond: ((tenant_id = " in plan
    assert "identifier_id = " in plan
    assert "Seq Scan" not in plan
