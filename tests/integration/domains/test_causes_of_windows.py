"""From windows with a known truth to causes: the chain over the platform's seam, no workload importing another."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue, discover
from core.clock import database_now
from core.database import Database
from core.jobs import triggers
from core.jobs.dispatching import dispatch_new
from core.jobs.execution import Station, execute
from core.jobs.states import State
from core.platform.access import Principal
from core.workloads.windows import domains
from tasks.binding import load_bindings
from webapp.domains import completed

BOUND = {one.kind.name: one for one in load_bindings(discover())}


@pytest.fixture
def run_all(database: Database, station: Station) -> Callable[[], list[tuple[str, dict[str, Any]]]]:
    """Run what is queued until nothing is, and return kinds and results in order."""

    def run() -> list[tuple[str, dict[str, Any]]]:
        done: list[tuple[str, dict[str, Any]]] = []
        while queued := _queued(database):
            for job_id, kind in queued:
                outcome = execute(station, BOUND[kind].kind, BOUND[kind].compute, job_id)
                assert outcome is not None
                assert outcome.state is State.SUCCEEDED, outcome.told
                done.append((kind, dict(outcome.values["new_result"])))
        return done

    return run


@pytest.mark.parametrize("name", ["retail", "healthcare"])
def test_a_trigger_finds_the_true_causes_of_an_example(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    submit_job: Callable[..., UUID],
    add_trigger_of_discovery: Callable[[str], None],
    run_all: Callable[[], list[tuple[str, dict[str, Any]]]],
    name: str,
) -> None:
    """Given a trigger for each tenth window, the tenth one has causes found, and they are those that there are."""
    with database.transaction() as session:
        now = database_now(session)
        asked = completed({"name": name, "example": name, "interval_s": None})
        domains.create(session, admin, catalogue.find, asked, now=now)
    add_trigger_of_discovery(name)
    submit_job("windows.generate", {"domain": name, "count": 10})
    run_all()
    dispatch_new(database, catalogue.kinds)
    ((kind, found),) = run_all()
    assert kind == "causal.discover"
    accepted = {(edge["source"], edge["target"]) for edge in found["edges"] if edge["verdict"] == "accepted"}
    with database.statements() as session:
        truth = session.scalars(text("SELECT truth FROM window_truths LIMIT 1")).one()
    true = {(edge["source"], edge["target"]) for edge in truth["edges"]}
    cross = {pair for pair in accepted if pair[0] != pair[1]}
    assert cross == {pair for pair in true if pair[0] != pair[1]}


@pytest.fixture
def add_trigger_of_discovery(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[[str], None]:
    """Have causes found in every ten windows."""

    def add(name: str) -> None:
        asked = {
            "topic": "domain.window_ready",
            "filter": {"/data/name": name, "/data/index": {"gte": 9}},
            "kind": "causal.discover",
            "params": {"resamples": 200, "seed": 5},
            "params_from": {
                "/series/domain_id": "/subject",
                "/series/first": {"from": "/data/index", "plus": -9},
                "/series/last": "/data/index",
            },
        }
        with database.transaction() as session:
            triggers.create(session, admin, catalogue.find, asked)

    return add


def _queued(database: Database) -> list[tuple[UUID, str]]:
    with database.statements() as session:
        rows = session.execute(text("SELECT id, kind FROM jobs WHERE state = 'queued' ORDER BY id")).all()
    return [(row.id, row.kind) for row in rows]
