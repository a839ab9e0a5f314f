"""Domains generate by themselves: each fire time one window, many domains in one job, none missed, none made twice."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue, discover
from core.clock import database_now
from core.database import Database
from core.jobs import firing
from core.jobs.execution import Station, execute
from core.jobs.states import State
from core.platform.access import Principal
from core.workloads.windows import domains, kinds
from core.workloads.windows.spec import GeneratorSpec
from tasks.binding import load_bindings
from webapp.domains import completed

COMPUTE = {one.kind.name: one.compute for one in load_bindings(discover())}
NORMAL = {"base": {"generator": "independent", "families": [{"family": "normal"}]}, "layers": []}


@pytest.fixture
def make(database: Database, admin: Principal, catalogue: Catalogue) -> Callable[..., Any]:
    """Make a domain that generates every 5 s, as the API does."""

    def make_one(name: str, **fields: Any) -> Any:
        asked = {"name": name, "variables": ["a", "b"], "generator": NORMAL, "window_size": 10, "interval_s": 5.0}
        with database.transaction() as session:
            now = database_now(session)
            return domains.create(session, admin, catalogue.find, completed({**asked, **fields}), now=now)

    return make_one


@pytest.fixture
def fire(database: Database, catalogue: Catalogue) -> Callable[[datetime], int]:
    """Fire what is due at an instant."""

    def fire_at(now: datetime) -> int:
        with database.transaction() as session:
            return firing.fire_due(session, catalogue.kinds, now=now)

    return fire_at


@pytest.fixture
def run_queued(database: Database, station: Station) -> Callable[[], list[UUID]]:
    """Run every queued job, and return which there were."""

    def run_all() -> list[UUID]:
        with database.statements() as session:
            ids = list(session.scalars(text("SELECT id FROM jobs WHERE state = 'queued' ORDER BY id")))
        for job_id in ids:
            outcome = execute(station, kinds.GENERATE, COMPUTE["windows.generate"], job_id)
            assert outcome is not None
            assert outcome.state is State.SUCCEEDED, outcome.told
        return ids

    return run_all


@pytest.fixture
def stored(database: Database) -> Callable[[], dict[str, list[tuple[int, datetime]]]]:
    """Read which windows each domain has, by its name."""

    def read() -> dict[str, list[tuple[int, datetime]]]:
        found: dict[str, list[tuple[int, datetime]]] = {}
        with database.statements() as session:
            for row in session.execute(text(_STORED)):
                found.setdefault(row.name, []).append((row.number, row.started_at))
        return found

    return read


def times(began: datetime, until: datetime, every_s: float) -> Iterator[datetime]:
    at = began
    while at <= until:
        yield at
        at += timedelta(seconds=every_s)


def test_every_fire_time_is_one_window_in_order(
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
) -> None:
    began: datetime = make("one").created_at
    for now in times(began, began + timedelta(seconds=60), 2.0):
        fire(now)
        run_queued()
    assert stored()["one"] == [(index, began + timedelta(seconds=5 * index)) for index in range(13)]


def test_many_domains_share_few_jobs(
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
    count: Callable[[str], int],
) -> None:
    last = [make(f"domain {number:03}", offset_s=float(number % 5), interval_s=3600.0) for number in range(100)][-1]
    assert fire(last.created_at + timedelta(seconds=4.9)) == 100
    assert len(run_queued()) == 2
    assert count("schedule_runs") == 100
    assert [len(windows) for windows in stored().values()] == [1] * 100


def test_what_was_due_while_nobody_fired_is_made_later(
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
) -> None:
    began: datetime = make("one").created_at
    make("two", offset_s=1.0)
    fire(began + timedelta(minutes=10))
    run_queued()
    assert [index for index, _ in stored()["one"]] == list(range(121))
    assert len(stored()["two"]) == 120


def test_two_who_fire_at_once_make_no_window_twice(
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
    at_once: Callable[..., list[Any]],
) -> None:
    began: datetime = make("one").created_at
    make("two")
    fired = at_once(lambda: fire(began + timedelta(seconds=21)), 4)
    assert sum(fired) == 10
    run_queued()
    assert [index for index, _ in stored()["one"]] == [0, 1, 2, 3, 4]
    assert [index for index, _ in stored()["two"]] == [0, 1, 2, 3, 4]


def test_a_job_that_is_done_twice_stores_the_same_windows_once(
    database: Database,
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
    count: Callable[[str], int],
) -> None:
    fire(make("one").created_at + timedelta(seconds=11))
    (job_id,) = run_queued()
    with database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = 'queued' WHERE id = :id"), {"id": job_id})
    run_queued()
    assert [index for index, _ in stored()["one"]] == [0, 1, 2]
    assert count("bus_events") == 1 + 3


def test_a_pause_leaves_no_gap_in_the_indices(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
) -> None:
    began: datetime = make("one").created_at

    def put(status: str, now: datetime) -> None:
        with database.transaction() as session:
            domains.set_status(session, admin, catalogue.find, "one", status, now=now)

    fire(began + timedelta(seconds=6))
    put("paused", began + timedelta(seconds=7))
    assert fire(began + timedelta(minutes=5)) == 0
    put("active", began + timedelta(minutes=5))
    fire(began + timedelta(minutes=5, seconds=6))
    run_queued()
    assert [index for index, _ in stored()["one"]] == [0, 1, 2]
    assert stored()["one"][2][1] == began + timedelta(minutes=5, seconds=5)


def test_a_domain_that_is_removed_meanwhile_harms_no_other(
    database: Database,
    admin: Principal,
    make: Callable[..., Any],
    fire: Callable[[datetime], int],
    run_queued: Callable[[], list[UUID]],
    stored: Callable[[], dict[str, list[tuple[int, datetime]]]],
    count: Callable[[str], int],
) -> None:
    make("gone")
    fire(make("stays").created_at + timedelta(seconds=1))
    with database.transaction() as session:
        domains.remove(session, admin.tenant_id, "gone")
    run_queued()
    assert set(stored()) == {"stays"}
    assert count("schedules") == 1


def test_windows_are_the_same_for_any_number_of_shards(
    database: Database,
    station: Station,
    make: Callable[..., Any],
    submit_job: Callable[..., UUID],
    run_queued: Callable[[], list[UUID]],
) -> None:
    contents = []
    for name, shards in (("one", 1), ("three", 3), ("sixteen", 16)):
        make(name, seed=9, interval_s=None)
        submit_job("windows.generate", {"domain": name, "count": 40, "shards": shards})
        with database.statements() as session:
            (parent,) = session.scalars(text("SELECT id FROM jobs WHERE state = 'queued'")).all()
        execute(station, kinds.GENERATE, COMPUTE["windows.generate"], parent)
        run_queued()
        with database.statements() as session:
            rows = session.execute(text(_CONTENTS), {"name": name}).all()
        contents.append([(row.number, bytes(row.content)) for row in rows])
    assert [len(one) for one in contents] == [40, 40, 40]
    assert contents[0] == contents[1] == contents[2]


def test_the_truth_is_kept_apart(
    database: Database, make: Callable[..., Any], submit_job: Callable[..., UUID], run_queued: Callable[[], list[UUID]]
) -> None:
    edges = [{"source": "a", "target": "b", "lag": 1, "effect": 0.5}]
    generator = {"base": {"generator": "structural", "edges": edges}, "layers": []}
    make("caused", generator=GeneratorSpec().load(generator), interval_s=None)
    submit_job("windows.generate", {"domain": "caused"})
    run_queued()
    with database.statements() as session:
        truth = session.scalars(text("SELECT truth FROM window_truths")).one()
        window = session.execute(text("SELECT receipt, summary FROM windows")).one()
    assert {"source": "a", "target": "b", "lag": 1, "effect": 0.5, "form": "linear"} in truth["edges"]
    assert "edges" not in json.dumps([window.receipt, window.summary])


_STORED = """
SELECT name, number, started_at FROM windows JOIN domains ON domains.id = domain_id ORDER BY name, number
"""
_CONTENTS = """
SELECT number, content FROM windows JOIN domains ON domains.id = domain_id WHERE name = :name ORDER BY number
"""
