"""The queue of actions against a simulated platform: gate, people, limits, kill switch, crashes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.clock import database_now
from core.platform.access import Principal, Role
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.autopilot import limits, states
from core.workloads.customers.connectors.base import AdPlatform, Connection, PlatformAway
from core.workloads.customers.operations import acting, actions, connections, trusting
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.lines import Line
from tests.integration.customers.trusted import distrust, trust


@pytest.fixture
def people(tenant_id: UUID) -> tuple[Principal, Principal]:
    """Two persons."""
    ada, ben = (Principal(uuid4(), tenant_id, Role.OPERATOR, name, session_id=uuid4()) for name in ("ada", "ben"))
    return ada, ben


class Queue:
    """A tenant's queue, with one connection and a campaign that runs on it."""

    def __init__(self, transact: Any, connection: Connection, people: tuple[Principal, Principal]) -> None:
        self.transact, self.connection, (self.ada, self.ben) = transact, connection, people
        self.platform: AdPlatform = connections.reach_ads(connection, transact)
        self.campaign = self.platform.create("campaign", "ours", {"daily_budget": 100.0})
        self.platform.activate(self.campaign)
        breakers = Breakers(MemoryStore())
        line = lambda to, checkpoint: Line(to.name, breakers, checkpoint, pause=lambda _s: None)  # noqa: E731 - short
        self.worker = Worker(uuid4(), transact, lambda: None, line)

    def trust(self) -> None:
        with self.transact() as session:
            trust(session, self.ada.tenant_id, database_now(session))

    def distrust(self) -> None:
        with self.transact() as session:
            distrust(session, self.ada.tenant_id, database_now(session))

    def propose(self, action: str, **asked: Any) -> UUID:
        if not action.endswith(("_all", "_stop")):
            asked = {"target": self.campaign, "connection": self.connection.name, **asked}
        with self.transact() as session:
            asked = {"action": action, **asked}
            return actions.propose(session, self.ada, asked, database_now(session)).id

    def approve(self, action_id: UUID, by: Principal | None = None) -> str:
        with self.transact() as session:
            return actions.approve(session, by or self.ben, action_id, database_now(session)).state

    def take_back(self, action_id: UUID, by: Principal | None = None) -> str:
        with self.transact() as session:
            return actions.take_back(session, by or self.ben, action_id, database_now(session)).state

    def apply(self, worker: Worker | None = None) -> list[str]:
        worker = worker or self.worker
        with self.transact() as session:
            acting.expire(session, self.ada.tenant_id)
        with self.transact() as session:
            due = acting.due(session, self.ada.tenant_id, worker.job_id)
        return [acting.apply(worker, self.ada.tenant_id, one) for one in due]

    def row(self, action_id: UUID) -> ActionRow:
        with self.transact() as session:
            return actions.find(session, self.ada.tenant_id, action_id)

    def kill(self, *, killed: bool) -> None:
        with self.transact() as session:
            trusting.kill(session, self.ada.tenant_id, killed=killed, reason="test", by="ada")

    def age(self, hours: float) -> None:
        with self.transact() as session:
            ago = "applied_at = applied_at - :by, expires_at = expires_at - :by, changed_at = changed_at - :by"
            session.execute(text(f"UPDATE customer_actions SET {ago}"), {"by": timedelta(hours=hours)})

    @property
    def shown(self) -> tuple[str, float | None]:
        found = self.platform.read(self.campaign)
        assert found is not None
        return found.status, found.daily_budget


@pytest.fixture
def queue(connect: Callable[..., Connection], transact: Any, people: tuple[Principal, Principal]) -> Queue:
    return Queue(transact, connect(), people)


def test_what_is_conservative_goes_through_by_itself(queue: Queue, heard: Callable[[str], list[str]]) -> None:
    queue.trust()
    action_id = queue.propose("reduce_budget", daily_budget=90.0)
    assert queue.row(action_id).state == "approved"
    assert queue.apply() == ["verified"]
    assert queue.shown == ("active", 90.0)
    row = queue.row(action_id)
    assert [one["state"] for one in row.history] == [
        *("proposed", "gated", "approved", "applying", "applied", "verified")
    ]
    with queue.transact() as session:
        for decision_id in row.decision_ids:
            decision, again = trusting.replay(session, queue.ada.tenant_id, decision_id)
            assert (decision.verdict, decision.score) == (again.verdict, again.score)
    assert queue.take_back(action_id) == "rolling_back"
    assert queue.apply() == ["rolled_back"]
    assert queue.shown == ("active", 100.0)
    assert queue.apply() == []
    assert heard("actions.changed") == [one["state"] for one in queue.row(action_id).history[1:]]


def test_what_is_risky_takes_two_persons(queue: Queue) -> None:
    queue.trust()
    action_id = queue.propose("increase_budget", daily_budget=110.0)
    assert queue.row(action_id).state == "gated"
    assert queue.apply() == []
    with pytest.raises(actions.FourEyes):
        queue.approve(action_id, queue.ada)
    with pytest.raises(actions.FourEyes):
        queue.approve(action_id, replace(queue.ada, session_id=uuid4()))
    assert queue.approve(action_id) == "approved"
    assert queue.apply() == ["verified"]
    assert queue.shown == ("active", 110.0)


def test_without_evidence_all_is_held_but_stopping(queue: Queue) -> None:
    held = queue.propose("pause_underperforming")
    assert (queue.row(held).state, queue.row(held).reasons) == ("proposed", ["no account is known"])
    with pytest.raises(states.ActionStateWrong):
        queue.approve(held)
    assert queue.apply() == []
    queue.propose("pause_all")
    assert queue.apply() == ["verified"]
    assert queue.shown == ("paused", 100.0)
    queue.trust()
    assert queue.apply() == ["verified"]
    assert queue.row(held).state == "verified"


def test_what_was_approved_is_held_when_trust_falls_before_it_is_applied(queue: Queue) -> None:
    queue.trust()
    action_id = queue.propose("reduce_budget", daily_budget=90.0)
    queue.distrust()
    assert queue.apply() in (["approved"], ["blocked"])
    assert queue.shown == ("active", 100.0)
    assert queue.row(action_id).reasons


def test_the_kill_switch_stops_applying_at_once(queue: Queue) -> None:
    queue.trust()
    action_id = queue.propose("reduce_budget", daily_budget=90.0)
    turned = 0

    def turn_once() -> None:
        """Turn the switch just before the first call that changes something."""
        nonlocal turned
        turned += queue.row(action_id).state == "applying"
        if turned == 1:
            queue.kill(killed=True)

    assert queue.apply(replace(queue.worker, checkpoint=turn_once)) == ["approved"]
    assert queue.shown == ("active", 100.0)
    assert queue.apply() == ["blocked"]
    queue.propose("pause_all", connection=queue.connection.name)
    assert queue.apply() == ["verified"]
    assert queue.shown == ("paused", 100.0)


def test_an_emergency_stop_pauses_all_and_turns_the_switch(queue: Queue) -> None:
    queue.trust()
    action_id = queue.propose("emergency_stop", why="wrong prices")
    assert queue.apply() == ["verified"]
    assert queue.shown == ("paused", 100.0)
    late = queue.propose("reduce_budget", daily_budget=90.0)
    assert queue.row(late).state == "blocked"
    queue.kill(killed=False)
    with pytest.raises(actions.FourEyes):
        queue.take_back(action_id, queue.ada)
    queue.take_back(action_id)
    assert queue.apply() == ["rolled_back"]
    assert queue.shown == ("active", 100.0)


def test_steps_and_cadence_hold_by_what_the_platform_shows(queue: Queue) -> None:
    queue.trust()
    with pytest.raises(limits.BudgetStepTooLarge):
        queue.propose("reduce_budget", daily_budget=70.0, from_daily_budget=100.0)
    queue.propose("reduce_budget", daily_budget=79.0, from_daily_budget=80.0)
    assert queue.apply() == ["failed"]
    assert queue.shown == ("active", 100.0)
    queue.propose("reduce_budget", daily_budget=80.0)
    assert queue.apply() == ["verified"]
    with pytest.raises(limits.ChangedTooRecently):
        queue.propose("reduce_budget", daily_budget=70.0)
    queue.age(24.001)
    queue.propose("reduce_budget", daily_budget=70.0)


def test_what_nobody_gets_to_expires(queue: Queue) -> None:
    held = queue.propose("pause_underperforming")
    queue.age(23.9)
    queue.apply()
    assert queue.row(held).state == "proposed"
    queue.age(0.2)
    queue.apply()
    assert queue.row(held).state == "expired"


@pytest.mark.parametrize("fate", ["unanswered", "lost", "away"])
def test_a_lost_answer_costs_a_look(
    connect: Callable[..., Connection], transact: Any, people: tuple[Principal, Principal], fate: str
) -> None:
    queue = Queue(transact, connect(script={"set_budget": [fate, fate]}), people)
    queue.trust()
    queue.propose("reduce_budget", daily_budget=90.0)
    assert queue.apply() == ["verified"]
    assert queue.shown == ("active", 90.0)


def test_what_a_killed_job_began_another_one_ends(
    connect: Callable[..., Connection], transact: Any, people: tuple[Principal, Principal]
) -> None:
    queue = Queue(transact, connect(script={"set_budget": ["away"] * 3}), people)
    queue.trust()
    action_id = queue.propose("reduce_budget", daily_budget=90.0)
    with pytest.raises(PlatformAway):
        queue.apply()
    assert queue.row(action_id).state == "applying"
    other = replace(queue.worker, job_id=uuid4())
    assert queue.apply(other) == []
    queue.age(1)
    assert queue.apply(other) == ["verified"]
    assert queue.row(action_id).before == {"status": "active", "daily_budget": 100.0}


def test_a_target_that_is_gone_fails_the_action_and_raises_an_alert(queue: Queue) -> None:
    queue.trust()
    action_id = queue.propose("pause_underperforming", target="campaign-99")
    assert queue.apply() == ["failed"]
    with queue.transact() as session:
        key = session.scalar(text("SELECT key FROM alerts WHERE key LIKE 'action/%'"))
    assert key == f"action/{action_id}"
