"""The periodic looks at customers: whose time has come gets one job, which does what is due; who is who is checked."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs.execution import Station, execute
from core.jobs.models import Job
from core.workloads.customers.connectors.base import Connection
from core.workloads.customers.operations import segments, signals
from core.workloads.customers.operations.models import IdentifierRow
from core.workloads.customers.operations.segment_models import SegmentRow
from tasks import segmenting
from tasks.binding import load_bindings
from tests.integration.customers.shop import add_audience
from tests.integration.jobs.test_customers_resolved import chance_events, take_in

Transact = Callable[[], AbstractContextManager[Session]]
EVERYBODY = {"name": "all", "definition": {"all": []}, "refresh_every_s": 3600}


@pytest.fixture
def run_all(database: Database, station: Station, catalogue: Catalogue) -> Callable[[], list[str]]:
    """Execute every open job in the order of submission; return the kinds."""
    computations = {one.kind.name: one for one in load_bindings(catalogue)}

    def run() -> list[str]:
        with database.statements() as session:
            jobs = session.execute(select(Job.id, Job.kind).where(Job.finished_at.is_(None)).order_by(Job.id)).all()
        for job in jobs:
            execute(station, computations[job.kind].kind, computations[job.kind].compute, job.id)
        with database.statements() as session:
            states = session.execute(select(Job.kind, Job.state, Job.error).where(Job.id.in_([job.id for job in jobs])))
            assert {(state, str(error)) for _, state, error in states} <= {("succeeded", "None")}
        return [job.kind for job in jobs]

    return run


def alerts(session: Session) -> list[str]:
    query = text("SELECT text FROM alerts WHERE source = 'customers' AND state <> 'resolved' ORDER BY id")
    return list(session.scalars(query))


def test_what_is_due_gets_one_job_however_often_somebody_looks(
    database: Database,
    tenant_id: UUID,
    transact: Transact,
    connect: Callable[..., Connection],
    run_all: Callable[[], list[str]],
) -> None:
    """A segment is refreshed, then an audience of it planned, then the plan applied; nothing is left to do."""
    connect(name="ads")
    with transact() as session:
        segments.create(session, tenant_id, EVERYBODY)
        add_audience(session, tenant_id, "mine", "all", connection="ads", sync_every_s=3600)
    now, ran = utc_now(), []
    for _ in range(3):
        segmenting.submit_due(database, now)
        assert segmenting.submit_due(database, now) == 0  # while the first ones are open
        ran.append(run_all())
    assert sorted(ran[0]) == ["customers.plan_audience_sync", "customers.refresh_segment"]
    assert ran[1] in ([], ["customers.apply_audience_sync"])
    assert ran[2] == []


def test_a_connected_account_is_asked_and_told_of_by_one_job(
    database: Database,
    tenant_id: UUID,
    transact: Transact,
    connect: Callable[..., Connection],
    run_all: Callable[[], list[str]],
) -> None:
    connect(name="ads")
    with transact() as session:
        account = {"name": "meta", "vendor": "meta", "currency": "EUR", "connection": "ads"}
        signals.create(session, tenant_id, account)
    now = utc_now()
    assert segmenting.submit_due(database, now) == 1
    assert segmenting.submit_due(database, now) == 0
    assert run_all() == ["customers.collect_signals"]
    assert segmenting.submit_due(database, now) == 0
    with transact() as session:
        (told,) = signals.list_signals(session, tenant_id, "meta", limit=9)
    assert (told.evidence["currency"], told.evidence["failures"]) == ("EUR", 0)
    assert now - told.window_end < timedelta(hours=26)


@pytest.mark.parametrize(("after_s", "jobs"), [(3599, 0), (3601, 1)], ids=["just before", "just after"])
def test_a_segment_is_refreshed_when_its_time_has_come_and_not_before(
    database: Database, tenant_id: UUID, transact: Transact, after_s: float, jobs: int
) -> None:
    now = utc_now()
    with transact() as session:
        segments.create(session, tenant_id, EVERYBODY)
        session.execute(update(SegmentRow).values(refreshed_at=now))
    assert segmenting.submit_due(database, now + timedelta(seconds=after_s)) == jobs


def test_a_difference_between_what_is_kept_and_a_rebuild_raises_an_alert_until_it_is_gone(
    database: Database, tenant_id: UUID, transact: Transact, run_all: Callable[[], list[str]]
) -> None:
    take_in(database, tenant_id, chance_events(random.Random(7), 30), 10)
    assert segmenting.submit_checks(database, utc_now()) == 1
    assert run_all() == ["customers.resolve_identities"]
    with transact() as session:
        before = alerts(session)
        session.execute(update(IdentifierRow).values(profile_id=None))
    segmenting.submit_checks(database, utc_now())
    run_all()
    with transact() as session:
        assert (before, len(alerts(session))) == ([], 1)
