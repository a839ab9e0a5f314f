"""Campaigns on the real database against a simulated platform: two persons, no duplicate, no orphan, whatever fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.clock import database_now, utc_now
from core.database import Database
from core.errors import Transient
from core.platform.access import Principal, Role
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.campaigns import states
from core.workloads.customers.connectors.base import Connection
from core.workloads.customers.operations import (
    acting,
    actions,
    campaigns,
    disconnecting,
    publishing,
    underway,
)
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.campaign_models import CampaignRow
from core.workloads.customers.operations.lines import Line
from tests.integration.customers.trusted import trust


class Desk:
    """Two persons, a connection, and a worker whose breaker and naps are its own."""

    def __init__(self, transact: Any, tenant_id: UUID, connection: Connection) -> None:
        self.transact, self.tenant_id, self.connection = transact, tenant_id, connection
        self.ada, self.ben = (Principal(uuid4(), tenant_id, Role.OPERATOR, who, session_id=uuid4()) for who in "ab")
        breakers = Breakers(MemoryStore())
        line = lambda to, checkpoint: Line(to.name, breakers, checkpoint, pause=lambda _s: None)  # noqa: E731 - short
        self.worker = Worker(uuid4(), transact, lambda: None, line)

    def approved(self) -> UUID:
        asked = {"name": "Boots", "connection": self.connection.name, "daily_budget": 50.0, "fields": {"ad": {"x": 1}}}
        with self.transact() as session:
            campaign_id = campaigns.create(session, self.ada, asked, database_now(session)).id
            campaigns.submit_draft(session, self.ada, campaign_id, database_now(session))
            campaigns.approve(session, self.ben, campaign_id, clock=utc_now)
        return campaign_id

    def publish(self, campaign_id: UUID, attempts: int = 5) -> str:
        """Publish as a job does, attempt after attempt."""
        for attempt in range(1, attempts + 1):
            try:
                last_try = attempt == attempts
                return publishing.publish(self.worker, self.tenant_id, campaign_id, last_try=last_try)
            except Transient:
                self.worker = replace(
                    self.worker, line=Desk(self.transact, self.tenant_id, self.connection).worker.line
                )
        return "away"

    def row(self, campaign_id: UUID) -> CampaignRow:
        with self.transact() as session:
            return campaigns.find(session, self.tenant_id, campaign_id)

    def alert(self, campaign_id: UUID) -> str:
        """Tell how the alert about a campaign is."""
        with self.transact() as session:
            query = text("SELECT state FROM alerts WHERE key = :key")
            return str(session.scalar(query, {"key": f"campaign/{campaign_id}"}))

    def there(self) -> list[str]:
        """List what the platform has, with its status."""
        query = "SELECT sort || ' ' || (body ->> 'status') FROM customer_simulated_objects ORDER BY number"
        with self.transact() as session:
            return list(session.scalars(text(query)))


RESTING = ["campaign paused", "ad_set paused", "ad paused"]


@pytest.fixture
def desk(connect: Callable[..., Connection], transact: Any, tenant_id: UUID) -> Callable[..., Desk]:
    return lambda **settings: Desk(transact, tenant_id, connect(**settings))


def test_a_campaign_takes_two_persons_and_rests_until_it_is_activated(
    desk: Callable[..., Desk], heard: Callable[[str], list[str]]
) -> None:
    at = desk()
    asked = {"name": "Boots", "connection": "one", "daily_budget": 50.0, "fields": {}}
    with at.transact() as session:
        now = database_now(session)
        campaign_id = campaigns.create(session, at.ada, asked, now).id
        with pytest.raises(states.CampaignStateWrong):
            campaigns.approve(session, at.ben, campaign_id, clock=utc_now)
        campaigns.submit_draft(session, at.ada, campaign_id, now)
        with pytest.raises(actions.FourEyes):
            campaigns.approve(session, at.ada, campaign_id, clock=utc_now)
        campaigns.reject(session, at.ben, campaign_id, "too dear", now)
        campaigns.change(session, at.ada, campaign_id, {"daily_budget": 40.0}, now)
        assert campaigns.submit_draft(session, at.ada, campaign_id, now).version == 2
        campaigns.approve(session, at.ben, campaign_id, clock=utc_now)
    assert at.publish(campaign_id) == "published"
    assert at.publish(campaign_id) == "published"
    assert at.there() == RESTING
    assert heard("campaigns.changed") == [one["state"] for one in at.row(campaign_id).history[1:]]
    assert heard("campaigns.changed")[-2:] == ["publishing", "published"]
    with at.transact() as session:
        trust(session, at.tenant_id, database_now(session))
        action_id = campaigns.activate(session, at.ada, campaign_id, database_now(session)).id
        actions.approve(session, at.ben, action_id, database_now(session))
    assert acting.apply(at.worker, at.tenant_id, action_id) == "verified"
    assert at.there()[0] == "campaign active"


@pytest.mark.parametrize("level", ["campaign", "ad_set", "ad"])
@pytest.mark.parametrize("fate", ["unanswered", "lost", "away"])
def test_a_time_out_after_creating_leaves_no_duplicate(desk: Callable[..., Desk], level: str, fate: str) -> None:
    at = desk(script={f"create_{level}": [fate, fate]})
    campaign_id = at.approved()
    assert at.publish(campaign_id) == "published"
    assert at.there() == RESTING
    assert set(at.row(campaign_id).external) == {"campaign", "ad_set", "ad"}


@pytest.mark.parametrize("level", ["campaign", "ad_set", "ad"])
def test_what_is_refused_leaves_nothing(desk: Callable[..., Desk], level: str) -> None:
    at = desk(script={f"create_{level}": ["refused"], "delete": ["unanswered", "lost", "away"]})
    campaign_id = at.approved()
    assert at.publish(campaign_id) == "failed"
    assert at.there() == []
    row = at.row(campaign_id)
    assert row.external == {}
    assert "refuses" in row.reasons[0]
    assert at.alert(campaign_id) == "firing"
    with at.transact() as session:
        campaigns.change(session, at.ada, campaign_id, {"daily_budget": 40.0}, database_now(session))
        campaigns.submit_draft(session, at.ada, campaign_id, database_now(session))
        campaigns.approve(session, at.ben, campaign_id, clock=utc_now)
    assert at.publish(campaign_id) == "published"
    assert at.there() == RESTING
    assert at.alert(campaign_id) == "resolved"


def test_what_never_answers_leaves_nothing_after_the_last_try(desk: Callable[..., Desk]) -> None:
    at = desk(script={"create_ad": ["away"] * 99})
    campaign_id = at.approved()
    assert at.publish(campaign_id, attempts=3) == "failed"
    assert at.there() == []


@pytest.mark.parametrize("seed", range(6))
def test_whatever_fails_by_chance_each_part_is_there_once_or_none(desk: Callable[..., Desk], seed: int) -> None:
    at = desk(seed=seed, shares={"away": 0.1, "lost": 0.1, "unanswered": 0.15})
    campaign_id = at.approved()
    state = at.publish(campaign_id, attempts=30)
    assert at.there() == (RESTING if state == "published" else [])


_PUBLISH = """
import sys
from uuid import UUID, uuid4
from core.crypto import Keyring, MasterKey
from core.database import connect
from core.workloads.customers.operations import publishing
from core.workloads.customers.operations.acting import Worker
database = connect(sys.argv[1], pool_size=2, keyring=Keyring([MasterKey("test", bytes(32))]))
tenant_id, campaign_id = map(UUID, sys.argv[2:])
worker = Worker(uuid4(), database.within(tenant_id).transaction, lambda: None)
publishing.publish(worker, tenant_id, campaign_id, last_try=False)
"""


@pytest.mark.parametrize("parts", [1, 2])
def test_a_worker_killed_in_the_midst_is_followed_by_one_that_goes_on(
    desk: Callable[..., Desk], database_url: str, redis_url: str, parts: int
) -> None:
    at = desk(latency_ms=200)
    campaign_id = at.approved()
    told = [sys.executable, "-c", _PUBLISH, database_url, str(at.tenant_id), str(campaign_id)]
    process = subprocess.Popen(told, env={**os.environ, "REDIS_URL": redis_url})
    deadline = time.monotonic() + 60
    while len(at.there()) < parts and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert parts <= len(at.there()) < 3
    assert at.row(campaign_id).state == "publishing"
    assert at.publish(campaign_id) == "published"
    assert at.there() == RESTING


def test_what_nobody_works_on_any_more_is_handed_over_anew(desk: Callable[..., Desk], database: Database) -> None:
    at = desk()
    campaign_id = at.approved()
    with database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = 'failed', finished_at = now()"))
        assert underway.with_anything(session, utc_now) == {at.tenant_id}
    with at.transact() as session:
        assert campaigns.resume(session, at.tenant_id, clock=utc_now) == 0
        assert campaigns.resume(session, at.tenant_id, clock=lambda: utc_now() + timedelta(minutes=11)) == 1
        again = session.scalar(
            text("SELECT count(*) FROM jobs WHERE params ->> 'campaign' = :id"), {"id": str(campaign_id)}
        )
    assert again == 2


def test_a_campaign_goes_with_its_connection(desk: Callable[..., Desk]) -> None:
    at = desk()
    campaign_id = at.approved()
    with at.transact() as session:
        disconnecting.disconnect(session, at.tenant_id, "one", force=True)
    with pytest.raises(campaigns.CampaignMissing):
        at.publish(campaign_id)
