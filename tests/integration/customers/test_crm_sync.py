"""Contacts kept in step with a simulated CRM: whose word holds, no talk in circles, rows refused, crashes."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.clock import database_now, utc_now
from core.jobs.context import JobContext, MemoryRecorder
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers import people_jobs
from core.workloads.customers.connectors.base import Connection, Crm, PlatformAway, Upsert
from core.workloads.customers.contacts import Contact
from core.workloads.customers.crm.ownership import OwnershipInvalid
from core.workloads.customers.operations import (
    connections,
    crm_links,
    crm_syncing,
    figures,
    ingesting,
    people,
    resolving,
    sources,
    underway,
)
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.crm_syncing import Tally
from core.workloads.customers.operations.lines import Line

OWNERSHIP = {"plan": "theirs", "lifecycle": "ours", "revenue": "ours", "tier": "newest"}


class Both:
    """A CRM and a tenant's profiles, linked."""

    def __init__(self, transact: Any, tenant_id: UUID, connection: Connection, **link: Any) -> None:
        self.transact, self.tenant_id = transact, tenant_id
        self.crm: Crm = connections.reach_crm(connection, transact)
        asked = {"name": "crm", "connection": connection.name, "ownership": OWNERSHIP, "overlap_s": 60.0, **link}
        with transact() as session:
            crm_links.create(session, tenant_id, {"every_s": None, **asked})

    def sync(self, *, dry_run: bool = False) -> Tally:
        breakers = Breakers(MemoryStore())
        line = lambda to, checkpoint: Line(to.name, breakers, checkpoint, pause=lambda _s: None)  # noqa: E731 - short
        return crm_syncing.sync(
            Worker(uuid4(), self.transact, lambda: None, line), self.tenant_id, "crm", dry_run=dry_run
        )

    def say(self, message: str, **fields: Any) -> None:
        """Have an event arrive here."""
        with self.transact() as session:
            sources.lock_people(session, self.tenant_id)
            source = sources.find_or_create(session, self.tenant_id, "shop", "server")
            event = {"messageId": message, "type": "identify", **fields}
            outcome = ingesting.ingest(session, source, [(0, event)], database_now(session))
            assert not outcome.rejected
            resolving.resolve_touched(session, self.tenant_id, outcome.sightings)
            figures.refresh(session, self.tenant_id, outcome.people)

    def erase(self, email: str) -> None:
        """Have a person erased, as the job does it."""
        with self.transact() as session:
            profile = people.find_by_contact(session, self.tenant_id, Contact("email", email)).id
        recorder = MemoryRecorder(tenant_id=self.tenant_id, transact=lambda _tenant: self.transact())
        people_jobs.erase({"profile": profile}, JobContext(uuid4(), 1, 7, recorder))

    def buys(self, message: str, revenue: float) -> None:
        properties = {"revenue": revenue, "email": "a@x.io"}
        self.say(message, type="track", event="Order Completed", properties=properties)

    def traits(self, email: str = "a@x.io") -> dict[str, Any]:
        with self.transact() as session:
            return dict(people.find_by_contact(session, self.tenant_id, Contact("email", email)).traits)

    def theirs(self) -> dict[str, Any]:
        return {row.key: row.fields for row in self.crm.changes(None, None, 1000)}

    def calls(self) -> int:
        with self.transact() as session:
            query = "SELECT coalesce((operations ->> 'upsert')::int, 0) FROM customer_simulations"
            return int(session.scalar(text(query)))


@pytest.fixture
def both(connect: Callable[..., Connection], transact: Any, tenant_id: UUID) -> Callable[..., Both]:
    def make(link: dict[str, Any] | None = None, **settings: Any) -> Both:
        return Both(transact, tenant_id, connect("simulated_crm", **settings), **(link or {}))

    return make


def test_each_side_has_the_others_word_and_then_both_are_quiet(both: Callable[..., Both]) -> None:
    at = both()
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus", "tier": "gold", "lifecycle": "lead", "note": "theirs alone"})])
    at.buys("m1", 30.0)
    first = at.sync()
    assert (first.imported, first.refused) == (1, 0)
    assert at.traits() == {"plan": "plus", "tier": "gold"}
    told = at.theirs()["a@x.io"]
    assert told == {"plan": "plus", "tier": "gold", "lifecycle": "customer", "revenue": 30.0, "note": "theirs alone"}
    calls = at.calls()
    for _ in range(3):
        quiet = at.sync()
        assert (quiet.imported, quiet.written, quiet.refused) == (0, 0, 0)
    assert at.calls() == calls
    at.buys("m2", 12.0)
    assert at.sync().written == 1
    assert at.theirs()["a@x.io"]["revenue"] == 42.0
    after = at.sync()
    assert (after.imported, after.written) == (0, 0)


def test_of_what_both_may_say_the_later_word_holds(both: Callable[..., Both]) -> None:
    at = both()
    at.crm.upsert([Upsert("a@x.io", {"tier": "gold"})])
    at.sync()
    at.say("m1", traits={"email": "a@x.io", "tier": "silver", "plan": "ours says so"})
    at.sync()
    assert at.theirs()["a@x.io"]["tier"] == "silver"
    assert "plan" not in at.theirs()["a@x.io"]
    at.crm.upsert([Upsert("a@x.io", {"tier": "bronze", "revenue": 1.0})])
    at.sync()
    assert at.traits()["tier"] == "bronze"
    assert at.theirs()["a@x.io"]["revenue"] == 0.0
    at.crm.upsert([Upsert("a@x.io", {"tier": "gold"})])
    at.sync()
    assert at.traits()["tier"] == "gold"


def test_a_dry_run_changes_nothing(both: Callable[..., Both]) -> None:
    at = both()
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus"}), Upsert("b@x.io", {"plan": "free"})])
    at.buys("m1", 30.0)
    told = at.sync(dry_run=True)
    assert (told.read, told.imported, told.written) == (2, 2, 1)
    assert at.calls() == 1
    assert at.traits() == {}
    with at.transact() as session:
        link = crm_links.find(session, at.tenant_id, "crm")
        assert (link.cursor_at, link.synced_at) == (None, None)
        assert session.scalar(text("SELECT count(*) FROM customer_crm_contacts")) == 0


def test_rows_are_refused_one_by_one_and_said_again(both: Callable[..., Both], transact: Any) -> None:
    at = both(refused_rows=0.0)
    at.crm.upsert([Upsert(f"p{n}@x.io", {"plan": "plus"}) for n in range(40)])
    with transact() as session:
        connections.change(session, at.tenant_id, "one", {"refused_rows": 0.3, "seed": 2})
    at.crm = connections.reach_crm(Connection(UUID(int=0), at.tenant_id, "one", "simulated_crm", {}), transact)
    first = at.sync()
    assert first.imported == 40
    assert 3 <= first.refused <= 22
    assert first.written == 40 - first.refused
    with transact() as session:
        link = crm_links.find(session, at.tenant_id, "crm")
        failed = crm_links.list_errors(session, at.tenant_id, link.id, limit=200)
        assert len(failed) == first.refused
        connections.change(session, at.tenant_id, "one", {})
    second = at.sync()
    assert (second.written, second.refused) == (first.refused, 0)
    with transact() as session:
        assert crm_links.list_errors(session, at.tenant_id, link.id, limit=200) == []


@pytest.mark.parametrize("fate", ["unanswered", "lost", "away"])
def test_a_lost_answer_is_asked_for_again(both: Callable[..., Both], fate: str) -> None:
    at = both(script={"upsert": ["ok", fate, fate]})
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus"})])
    assert at.sync().written == 1
    assert at.theirs()["a@x.io"]["lifecycle"] == "known"


def test_a_sync_that_broke_off_is_gone_on_with(both: Callable[..., Both]) -> None:
    pages = ["ok", "away", "away", "away"]
    at = both(script={"changes": pages})
    for start in range(0, 250, 50):
        at.crm.upsert([Upsert(f"p{n}@x.io", {"plan": f"plan {n}"}) for n in range(start, start + 50)])
    with pytest.raises(PlatformAway):
        at.sync()
    with at.transact() as session:
        assert session.scalar(text("SELECT count(*) FROM customer_crm_contacts")) == 100
    told = at.sync()
    assert told.imported == 150
    assert {row["lifecycle"] for row in at.theirs().values()} == {"known"}
    assert at.traits("p249@x.io") == {"plan": "plan 249"}
    quiet = at.sync()
    assert (quiet.imported, quiet.written) == (0, 0)


def test_who_is_deleted_there_is_let_alone(both: Callable[..., Both]) -> None:
    at = both()
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus"})])
    at.sync()
    at.crm.delete(at.crm.changes(None, None, 1)[0].id)
    assert at.sync().deleted == 1
    at.buys("m1", 9.0)
    assert at.sync().written == 0
    assert at.traits() == {"plan": "plus"}


def test_who_is_erased_here_is_forgotten_there_and_does_not_come_back(both: Callable[..., Both]) -> None:
    at = both(script={"delete": ["unanswered", "lost"]})
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus"}), Upsert("b@x.io", {"plan": "free"})])
    at.sync()
    at.erase("a@x.io")
    with at.transact() as session, pytest.raises(crm_links.CrmLinkInUse):
        crm_links.remove(session, at.tenant_id, "crm")
    with at.transact() as session:
        kept = "SELECT * FROM customer_crm_contacts WHERE identifier_id = 0"
        assert "a@x.io" not in str(session.execute(text(kept)).all())
        assert at.tenant_id in underway.with_anything(session, utc_now)
        assert session.scalar(text("SELECT count(*) FROM jobs WHERE kind = 'customers.sync_crm'")) == 1
    assert at.sync(dry_run=True).forgotten == 1
    assert at.sync().forgotten == 1
    assert set(at.theirs()) == {"b@x.io", next(key for key in at.theirs() if key.startswith("gone/"))}
    assert at.sync().forgotten == 0
    with at.transact() as session:
        assert session.scalar(text("SELECT count(*) FROM customer_crm_contacts")) == 1
        assert people.find_identifier(session, at.tenant_id, Contact("email", "a@x.io")) is None
        assert at.tenant_id not in underway.with_anything(session, utc_now)
        crm_links.remove(session, at.tenant_id, "crm")


def test_a_crm_that_refuses_to_forget_is_told_of_and_not_believed(both: Callable[..., Both]) -> None:
    at = both(script={"delete": ["refused", "ok"]})
    at.crm.upsert([Upsert("a@x.io", {"plan": "plus"})])
    at.sync()
    at.erase("a@x.io")
    told = at.sync()
    assert (told.forgotten, told.refused) == (0, 1)
    alert = text("SELECT state FROM alerts WHERE key LIKE 'crm-erasure/%'")
    with at.transact() as session:
        assert people.find_identifier(session, at.tenant_id, Contact("email", "a@x.io")) is None
        assert session.scalar(alert) == "firing"
    assert at.sync().forgotten == 1
    with at.transact() as session:
        assert session.scalar(alert) == "resolved"


@pytest.mark.parametrize("ownership", [{"revenue": "theirs"}, {"first_name": "ours"}, {"email": "newest"}])
def test_a_field_belongs_to_who_can_say_it(both: Callable[..., Both], ownership: dict[str, str]) -> None:
    with pytest.raises(OwnershipInvalid):
        both(link={"ownership": ownership})


def test_a_link_is_synced_by_itself_when_its_time_has_come(both: Callable[..., Both]) -> None:
    at = both(link={"every_s": 600.0})
    with at.transact() as session:
        assert crm_links.sync_due(session, at.tenant_id, clock=utc_now) == 1
    at.sync()
    with at.transact() as session:
        for minutes, due in ((9, 0), (11, 1)):
            clock = functools.partial(utc_now().__add__, timedelta(minutes=minutes))
            assert crm_links.sync_due(session, at.tenant_id, clock=clock) == due
            assert (at.tenant_id in underway.with_anything(session, clock)) == bool(due)
        assert session.scalar(text("SELECT count(*) FROM jobs WHERE kind = 'customers.sync_crm'")) == 1
