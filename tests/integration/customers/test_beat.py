"""Beat fires each chore of customers when it is due, and each leads to what it is there for."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from celery import Celery
from celery.beat import Scheduler
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.clock import database_now, utc_now
from core.database import Database
from core.jobs.models import Job
from core.platform.access import Principal, Role
from core.workloads.customers.connectors.base import Connection
from core.workloads.customers.operations import (
    actions,
    crm_links,
    figures,
    ingesting,
    resolving,
    segments,
    signals,
    sources,
    trusting,
)
from tasks import maintenance
from tasks.configuration import MAINTENANCE_QUEUE, configuration
from tasks.schedule import FOLDER
from tests.integration.customers.shop import add_audience
from tests.integration.customers.trusted import trust

Transact = Callable[[], AbstractContextManager[Session]]
ENTRIES = tomllib.loads((FOLDER / "customers.toml").read_text())


class Beat:
    """A scheduler as Beat runs one, on a clock that is set; what it fires waits in this test's Redis."""

    def __init__(self, app: Celery) -> None:
        self.app = app

    def fired(self, *, after_s: float) -> Counter[str]:
        """Start one with nothing behind it, set the clock, and take what it has sent to the workers."""
        start = utc_now()
        self.app.now = lambda: start  # the clock that schedules ask
        scheduler = Scheduler(self.app)
        scheduler.tick()
        self.app.now = lambda: start + timedelta(seconds=after_s)
        while scheduler.tick() == 0:
            pass
        scheduler.close()
        return Counter(self._taken())

    def _taken(self) -> Iterator[str]:
        with self.app.connection_for_read() as connection:
            queue = self.app.amqp.queues[MAINTENANCE_QUEUE](connection.default_channel)
            while (message := queue.get(no_ack=True)) is not None:
                yield message.headers["task"]


@pytest.fixture
def beat(database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beat:
    """Beat and a worker's tasks, which find this test's database."""
    app = Celery("test", broker=redis_url, set_as_current=False)
    app.conf.update({**configuration(tmp_path), "broker_url": redis_url})
    maintenance.register(app)
    monkeypatch.setattr(maintenance, "_held", lambda: (database, None))
    return Beat(app)


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_each_entry_is_fired_when_its_time_has_come_and_not_before(beat: Beat, name: str) -> None:
    entry = ENTRIES[name]
    assert beat.fired(after_s=entry["every_s"] - 1)[entry["task"]] == 0
    assert beat.fired(after_s=entry["every_s"])[entry["task"]] == 1


@pytest.fixture
def due(tenant_id: UUID, transact: Transact, connect: Callable[..., Connection]) -> None:
    """Have something of each sort be due, and trust be of yesterday."""
    connect(name="ads")
    connect("simulated_crm", name="crm")
    with transact() as session:
        now = database_now(session)
        ada = Principal(uuid4(), tenant_id, Role.OPERATOR, "ada", session_id=uuid4())
        actions.propose(session, ada, {"action": "pause_all", "connection": "ads"}, now)
        trust(session, tenant_id, now - trusting.STALE_AFTER - timedelta(hours=1))
        signals.create(session, tenant_id, {"name": "g", "vendor": "google", "currency": "EUR", "connection": "ads"})
        segments.create(session, tenant_id, {"name": "all", "definition": {"all": []}, "refresh_every_s": 3600})
        add_audience(session, tenant_id, "all", "all", connection="ads", sync_every_s=3600)
        link = {"name": "crm", "connection": "crm", "ownership": {}, "overlap_s": 60.0, "every_s": 600.0}
        crm_links.create(session, tenant_id, link)
        sources.lock_people(session, tenant_id)
        source = sources.find_or_create(session, tenant_id, "shop", "import")
        bought = {"type": "track", "event": "Order Completed", "userId": "u", "properties": {"revenue": 9}}
        for message, resolved in (("m1", True), ("m2", False)):
            event = {**bought, "messageId": message, "timestamp": now.isoformat(), "anonymousId": message}
            outcome = ingesting.ingest(session, source, [(0, event)], now)
            if resolved:
                resolving.resolve_touched(session, tenant_id, outcome.sightings)
                figures.refresh(session, tenant_id, outcome.people)


@pytest.mark.usefixtures("due")
def test_what_beat_fires_leads_to_every_job_that_is_due_once(
    beat: Beat, database: Database, tenant_id: UUID, transact: Transact
) -> None:
    """Two Beats fire, and workers take what both have sent: that changes nothing."""
    fired = beat.fired(after_s=3_600) + beat.fired(after_s=3_600)
    for task in {entry["task"] for entry in ENTRIES.values()}:
        for _ in range(fired[task]):
            beat.app.tasks[task]()
    with database.statements() as session:
        jobs = list(session.scalars(select(Job.kind).where(Job.tenant_id == tenant_id).order_by(Job.kind)))
    assert jobs == [
        "customers.apply_actions",
        "customers.collect_signals",
        "customers.plan_audience_sync",
        "customers.refresh_segment",
        "customers.resolve_identities",
        "customers.score_rfm",
        "customers.sync_crm",
    ]
    with transact() as session:
        alerts = text("SELECT text FROM alerts WHERE source = 'customers' AND state = 'firing'")
        assert [one.partition(":")[0] for one in session.scalars(alerts)] == ["Automation is cuts only"]
        assert session.scalar(text("SELECT count(*) FROM customer_sightings WHERE dirty")) == 0
        assert session.scalar(text("SELECT events FROM customer_profiles")) == 2
