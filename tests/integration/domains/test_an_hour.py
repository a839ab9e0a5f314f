"""An hour of the four example domains under an accelerated clock: no window missed or doubled, causes as they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue, discover
from core.clock import database_now
from core.database import Database
from core.jobs import firing, triggers
from core.jobs.dispatching import dispatch_new
from core.jobs.execution import Station, execute
from core.jobs.states import State
from core.platform.access import Principal
from core.platform.domains import memories
from core.workloads.windows import domains
from core.workloads.windows.examples import EXAMPLES
from core.workloads.windows.spec import GeneratorSpec
from tasks.binding import load_bindings
from webapp.domains import completed

BOUND = {one.kind.name: one for one in load_bindings(discover())}
DRIFTING, DRIFTS_AT = "economics", 400
DRIFT = {"generator": "drift", "variables": ["wages"], "shift": 1.0, "at_window": DRIFTS_AT}
Q = 0.001
"""Judged 720 times, edges have to hold at each."""
MINUTES = 60
A_MINUTE = 12
"""Windows of a domain."""
FLAGGED_WITHIN = 5
Edge = tuple[str, str, int]


@dataclass(frozen=True)
class Hour:
    """What there is after an hour, by domain."""

    starts: dict[str, list[datetime]]
    true: dict[str, set[Edge]]
    found: dict[str, set[Edge]]
    windows: dict[str, int]
    drifts: dict[str, list[dict[str, Any]]]
    changes: dict[str, list[dict[str, Any]]]


@pytest.fixture
def hour(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    station: Station,
    submit_job: Callable[..., UUID],
) -> Hour:
    """Let an hour pass, a minute at a time: fire, generate, tell, learn."""
    with database.transaction() as session:
        now = database_now(session)
        for name, example in EXAMPLES.items():
            layers = [*example["generator"]["layers"], *([DRIFT] if name == DRIFTING else [])]
            generator = GeneratorSpec().load({**example["generator"], "layers": layers})
            asked = {"name": name, "example": name, "generator": generator}
            domains.create(session, admin, catalogue.find, completed(asked), now=now)
        for name in EXAMPLES:
            trigger = {
                "topic": "domain.window_ready",
                "filter": {"/data/index": {"multiple_of": A_MINUTE}, "/data/name": name},
                "kind": "causal.update",
                "params": {"domain": name, "q": Q},
            }
            triggers.create(session, admin, catalogue.find, trigger)
    for minute in range(1, MINUTES + 1):
        with database.transaction() as session:
            firing.fire_due(session, catalogue.kinds, now=now + timedelta(minutes=minute, microseconds=-1))
        run_queued(database, station)
        dispatch_new(database, catalogue.kinds)
        run_queued(database, station)
    for name in EXAMPLES:
        submit_job("causal.update", {"domain": name, "q": Q})
    run_queued(database, station)
    return read(database, admin)


def run_queued(database: Database, station: Station) -> None:
    """Run what is queued."""
    with database.statements() as session:
        queued = session.execute(text("SELECT id, kind FROM jobs WHERE state = 'queued' ORDER BY id")).all()
    for job_id, kind in queued:
        outcome = execute(station, BOUND[kind].kind, BOUND[kind].compute, job_id)
        assert outcome is not None
        assert outcome.state is State.SUCCEEDED, outcome.told


def read(database: Database, admin: Principal) -> Hour:
    """Look at what there is."""
    began: dict[str, list[datetime]] = {}
    with database.statements() as session:
        ids = {row.name: row.id for row in session.execute(text("SELECT name, id FROM domains"))}
        for row in session.execute(text(_STARTS)):
            began.setdefault(row.name, []).append(row.started_at)
        true = {row.name: edges(row.truth["edges"]) for row in session.execute(text(_TRUTHS))}
        known = {
            name: memories.list_memories(session, admin.tenant_id, domain_id)[0].told for name, domain_id in ids.items()
        }
        events = session.execute(text("SELECT topic, data FROM bus_events ORDER BY seq, id")).all()
    by_topic: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for event in events:
        by_topic.setdefault(event.topic, {name: [] for name in ids})[event.data["name"]].append(event.data)
    return Hour(
        began,
        true,
        {name: edges(told["edges"]) for name, told in known.items()},
        {name: told["index"] + 1 for name, told in known.items()},
        by_topic.get("domain.drift_detected", {}),
        by_topic.get("causal.edges_changed", {}),
    )


def edges(documents: list[dict[str, Any]]) -> set[Edge]:
    """Return the edges between different variables."""
    named = {(one["source"], one["target"], one["lag"]) for one in documents}
    return {edge for edge in named if edge[0] != edge[1]}


def test_an_hour_passes(hour: Hour) -> None:
    for name, starts in hour.starts.items():
        assert len(starts) == MINUTES * A_MINUTE, name
        assert {later - before for before, later in pairwise(starts)} == {timedelta(seconds=5)}, name
    assert hour.windows == dict.fromkeys(EXAMPLES, MINUTES * A_MINUTE)
    assert hour.found == hour.true
    flagged = {name: [alarm["index"] for alarm in alarms] for name, alarms in hour.drifts.items() if alarms}
    assert list(flagged) == [DRIFTING]
    assert DRIFTS_AT <= flagged[DRIFTING][0] < DRIFTS_AT + FLAGGED_WITHIN
    assert len(flagged[DRIFTING]) == 1
    regimes = {name: [one["index"] for one in told if one["new_regime"]] for name, told in hour.changes.items()}
    assert {name for name, indices in regimes.items() if indices} <= {DRIFTING}


_STARTS = """
SELECT name, started_at FROM windows JOIN domains ON domains.id = domain_id ORDER BY name, number
"""
_TRUTHS = """
SELECT DISTINCT ON (name) name, truth FROM window_truths JOIN domains ON domains.id = domain_id ORDER BY name, number
"""
