"""Pruning: what is old goes with all that belongs to it, in batches, and leaves counts."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, text

from core.catalogue import Catalogue
from core.clock import monotonic, utc_now
from core.database import Database
from core.ids import uuid7
from core.jobs import pruning
from core.jobs.chores import take_turn
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.pruning import Batch, Place, prune, prune_batch, prune_tenant
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant

RETENTION = timedelta(days=30)
Count = Callable[[str], int]
Make = Callable[..., UUID]


@pytest.fixture
def old(submit_job: Callable[..., UUID], put: Callable[..., None]) -> Make:
    """Make a job that ended a minute after or before its retention ran out."""

    def make(*, state: str = "succeeded", over: bool = True, **columns: Any) -> UUID:
        job_id = submit_job("platform.echo", {})
        age = RETENTION + timedelta(minutes=1 if over else -1)
        put(job_id, state=state, finished_at=func.now() - age if state in FINAL else None, **columns)
        return job_id

    return make


@pytest.fixture
def prune_all(database: Database, admin: Principal) -> Callable[[], int]:
    """Prune the admin's tenant until nothing old is left; return how many jobs went."""
    return lambda: sum(
        batch.pruned for batch in prune_tenant(database, admin.tenant_id, age=RETENTION, monotonic=monotonic)
    )


@pytest.fixture
def left(database: Database) -> Callable[[], set[UUID]]:
    """Read the ids of all jobs."""

    def read() -> set[UUID]:
        with database.statements() as session:
            return set(session.scalars(text("SELECT id FROM jobs")))

    return read


def test_only_final_jobs_past_their_retention_go(old: Make, prune_all: Callable[[], int], count: Count) -> None:
    for state in State:
        old(state=state)
        old(state=state, over=False)
    assert (prune_all(), prune_all()) == (len(FINAL), 0)
    assert count("jobs") == 2 * len(State) - len(FINAL)


def test_all_of_a_job_goes_and_its_count_stays(
    station: Station,
    catalogue: Catalogue,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    prune_all: Callable[[], int],
    count: Count,
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.log("a line")
        context.save_artifact("a.txt", b"a", "text/plain")
        return {}

    for _ in range(2):
        job_id = submit_job("platform.echo", {})
        execute(station, catalogue.find("platform.echo"), compute, job_id)
        put(job_id, finished_at=func.now() - RETENTION * 2)
        assert prune_all() == 1
    left = [count(table) for table in ("jobs", "job_events", "job_log_lines", "artifacts")]
    assert left == [0, 0, 0, 0]
    with station.database.statements() as session:
        counted = session.execute(text("SELECT kind, state, count FROM pruned_counts")).all()
    assert counted == [("platform.echo", "succeeded", 2)]


def test_each_tenant_has_its_own_retention(
    database: Database, catalogue: Catalogue, put: Callable[..., None], left: Callable[[], set[UUID]]
) -> None:
    kept, gone = set(), set()
    for slug, days, ages in (("short", 1, (2, 0)), ("default", None, (31, 29)), ("long", 400, (401, 399))):
        with database.transaction() as session:
            somebody = Principal(uuid.uuid4(), ensure_tenant(session, slug), Role.ADMIN, slug)
            session.execute(text("UPDATE tenants SET retention_days = :d WHERE slug = :s"), {"d": days, "s": slug})
            over, young = (
                submit(session, somebody, JobRequest(catalogue.find("platform.echo"), {}), clock=utc_now).job_id
                for _ in ages
            )
        for job_id, age in zip((over, young), ages, strict=True):
            put(job_id, state="succeeded", finished_at=func.now() - timedelta(days=age))
        gone.add(over)
        kept.add(young)
    assert prune(database, retention=RETENTION, every_s=0.0, monotonic=monotonic) == len(gone)
    assert left() == kept


def test_it_goes_on_in_batches_from_where_it_stood(database: Database, admin: Principal, old: Make) -> None:
    for _ in range(5):
        old()
    place, seen = Place(), []
    while True:
        with database.transaction() as session:
            batch = prune_batch(session, admin.tenant_id, age=RETENTION, limit=2, after=place)
        seen.append((batch.seen, batch.pruned))
        if not batch.seen:
            break
        place = batch.last
    assert seen == [(2, 2), (2, 2), (1, 1), (0, 0)]


def test_jobs_of_one_instant_that_have_to_stay_are_passed_over(
    database: Database, admin: Principal, old: Make, put: Callable[..., None]
) -> None:
    parent = old(state="waiting")
    jobs = [*sorted(old(parent_id=parent) for _ in range(4)), old()]
    with database.transaction() as session:
        session.execute(
            text("UPDATE jobs SET finished_at = now() - interval '31 days' WHERE id = ANY(:j)"), {"j": jobs}
        )
        first = prune_batch(session, admin.tenant_id, age=RETENTION, limit=4, after=Place())
        second = prune_batch(session, admin.tenant_id, age=RETENTION, limit=4, after=first.last)
    assert (first.seen, first.pruned, second.seen, second.pruned) == (4, 0, 1, 1)


class Clock:
    """A clock that goes on by so much with every look."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def test_a_turn_ends_in_time_and_the_next_goes_on(
    database: Database, old: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "FIRST_BATCH", 2)
    for _ in range(5):
        old()

    def turn(every_s: float) -> int:
        return prune(database, retention=RETENTION, every_s=every_s, monotonic=Clock(pruning.TURN_S / 2))

    assert (turn(0.0), turn(3600.0), turn(0.0), turn(0.0), turn(0.0)) == (2, 0, 2, 1, 0)


@pytest.mark.parametrize(("took_s", "following"), [(0.0, 200), (0.125, 200), (0.25, 100), (2.5, 10), (1000.0, 1)])
def test_the_next_batch_fits_its_time(took_s: float, following: int) -> None:
    assert pruning._fitting(100, took_s) == following


def test_two_at_once_count_each_job_once(
    database: Database, old: Make, prune_all: Callable[[], int], at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(20):
        old()
    assert sum(at_once(prune_all, 3)) == 20
    with database.statements() as session:
        assert session.scalar(text("SELECT sum(count) FROM pruned_counts")) == 20


def test_a_shard_stays_as_long_as_its_parent_which_may_be_tried_again(
    old: Make, put: Callable[..., None], prune_all: Callable[[], int], left: Callable[[], set[UUID]]
) -> None:
    parent = old(state="waiting")
    shard, _orphan = old(parent_id=parent), old(parent_id=uuid7())
    assert (prune_all(), left()) == (1, {parent, shard})
    put(parent, state="succeeded", finished_at=func.now() - RETENTION + timedelta(minutes=1))
    assert prune_all() == 0
    put(parent, finished_at=func.now() - RETENTION)
    assert (prune_all(), left()) == (2, set())


def test_a_job_stays_while_another_depends_on_it(
    database: Database, old: Make, put: Callable[..., None], prune_all: Callable[[], int], count: Count
) -> None:
    first, dependent = old(), old(state="waiting")
    with database.transaction() as session:
        session.execute(text("INSERT INTO job_dependencies VALUES (:job, :on)"), {"job": dependent, "on": first})
    assert prune_all() == 0
    put(dependent, state="failed", finished_at=func.now())
    assert prune_all() == 1
    assert (count("jobs"), count("job_dependencies")) == (1, 0)


def test_a_workflow_goes_as_a_whole(
    database: Database,
    admin: Principal,
    old: Make,
    put: Callable[..., None],
    prune_all: Callable[[], int],
    count: Count,
) -> None:
    workflow = uuid7()
    steps = [old(workflow_id=workflow), old(workflow_id=workflow, over=False), old(workflow_id=workflow)]
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO workflows (id, tenant_id, role) VALUES (:id, :tenant, 'admin')"),
            {"id": workflow, "tenant": admin.tenant_id},
        )
        for step in steps:
            session.execute(
                text("INSERT INTO workflow_steps (workflow_id, name, job_id) VALUES (:id, :name, :job)"),
                {"id": workflow, "name": str(step), "job": step},
            )
    assert prune_all() == 0
    put(steps[1], finished_at=func.now() - RETENTION * 2)
    assert prune_all() == 3
    assert [count(table) for table in ("jobs", "workflow_steps", "workflows")] == [0, 0, 0]


def test_a_workflow_pruned_in_parts_goes_with_its_last_job(
    database: Database, admin: Principal, old: Make, count: Count
) -> None:
    workflow = uuid7()
    for _ in range(2):
        old(workflow_id=workflow)
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO workflows (id, tenant_id, role) VALUES (:id, :tenant, 'admin')"),
            {"id": workflow, "tenant": admin.tenant_id},
        )
    place, left = Place(), []
    for _ in range(2):
        with database.transaction() as session:
            batch = prune_batch(session, admin.tenant_id, age=RETENTION, limit=1, after=place)
        place = batch.last
        left.append(count("workflows"))
    assert left == [1, 0]


def test_nobody_waits_for_a_batch_and_it_waits_for_nobody(
    database: Database, admin: Principal, old: Make, submit_job: Callable[..., UUID], take: Callable[..., Any]
) -> None:
    """Given a batch that is not committed yet, and an old job that somebody holds, both sides go on at once."""
    held, *_ = jobs = [old() for _ in range(3)]
    with database.transaction() as holder:
        holder.execute(text("SELECT FROM jobs WHERE id = :id FOR NO KEY UPDATE"), {"id": held})
        with database.transaction() as session:
            batch = prune_batch(session, admin.tenant_id, age=RETENTION, limit=10, after=Place())
            assert batch.pruned == len(jobs) - 1
            with ThreadPoolExecutor(1) as pool:
                queued = pool.submit(submit_job, "platform.echo", {}).result(timeout=30)
                pool.submit(take, queued).result(timeout=30)


def test_whoever_comes_to_wait_for_an_old_job_meanwhile_is_seen(
    database: Database, admin: Principal, old: Make
) -> None:
    """Given a dependent that was recorded after the batch had read its rows, the job stays."""
    first, dependent = old(), old(state="waiting")
    with database.transaction() as session:
        seen = session.execute(
            pruning._LOCK,
            {"tenant_id": admin.tenant_id, "ended_at": "-infinity", "job_id": uuid.UUID(int=0)}
            | {"age": RETENTION, "limit": 9},
        ).all()
        with database.transaction() as other:
            other.execute(text("INSERT INTO job_dependencies VALUES (:job, :on)"), {"job": dependent, "on": first})
        params = {"tenant_id": admin.tenant_id, "age": RETENTION, "ids": [row.id for row in seen], "eventful": []}
        assert ([row.id for row in seen], session.execute(pruning._PRUNE, params).scalar_one()) == ([first], 0)


def test_an_empty_tenant_has_nothing_to_prune(database: Database, admin: Principal) -> None:
    with database.transaction() as session:
        found = prune_batch(session, admin.tenant_id, age=RETENTION, limit=9, after=Place())
    assert found == Batch(0, 0, Place())


def test_of_many_who_ask_for_a_turn_one_gets_it(database: Database, at_once: Callable[..., list[Any]]) -> None:
    def ask() -> bool:
        with database.transaction() as session:
            return take_turn(session, "sweep", every_s=60.0)

    assert sorted(at_once(ask, 6)) == [False] * 5 + [True]
    with database.transaction() as session:
        session.execute(text("UPDATE chores SET last_run_at = last_run_at - interval '61 seconds'"))
    assert sorted(at_once(ask, 6)) == [False] * 5 + [True]
