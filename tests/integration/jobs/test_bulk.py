"""Bulk actions on 2,500 jobs in every state: what changes, what is told, what is left alone."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database, Listener
from core.jobs import bulk, cancellation, insertion
from core.jobs.bulk import Tally
from core.jobs.leases import claim
from core.jobs.queries import JobFilter
from core.jobs.selection import LARGEST_PAGE, Selection
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from tests.conftest import make_principal

MANY = 2_500
STATES = tuple(State)
UNSUCCESSFUL = FINAL - {State.SUCCEEDED}
NONE_SKIPPED = dict.fromkeys(bulk.REASONS, 0)
Fill = Callable[..., list[UUID]]


@pytest.fixture
def fill(database: Database, admin: Principal, catalogue: Catalogue) -> Fill:
    """Insert echo jobs; each is put into the next of the given states, below the surface."""

    def insert(count: int, states: Sequence[State], owner: Principal = admin, **options: Any) -> list[UUID]:
        request = JobRequest(catalogue.find("platform.echo"), {}, **options)
        rows = [job_row(owner, request, now=utc_now()) for _ in range(count)]
        put = [{"id": row["id"], "state": states[place % len(states)]} for place, row in enumerate(rows)]
        with database.transaction() as session:
            insertion.insert_jobs(session, rows)
            session.execute(text("UPDATE jobs SET state = :state WHERE id = :id"), put)
            session.execute(text("DELETE FROM job_outbox"))
        return [UUID(row["id"]) for row in rows]

    return insert


@pytest.fixture
def standing(database: Database) -> Callable[[UUID], Counter[str]]:
    """Count a tenant's jobs by state."""

    def count(tenant_id: UUID) -> Counter[str]:
        statement = text("SELECT state, count(*) FROM jobs WHERE tenant_id = :id GROUP BY state")
        with database.statements() as session:
            return Counter({row[0]: row[1] for row in session.execute(statement, {"id": tenant_id})})

    return count


def by(**chosen: Any) -> Selection:
    return Selection(JobFilter(**chosen))


def named(ids: Sequence[UUID]) -> Selection:
    return Selection(JobFilter(), ids=ids)


def test_cancelling_2500_mixed_jobs_does_what_the_dry_run_said(
    database: Database,
    admin: Principal,
    fill: Fill,
    standing: Callable[[UUID], Counter[str]],
    count: Callable[..., int],
) -> None:
    stranger = make_principal(database, "stranger", Role.ADMIN)
    fill(MANY, STATES, tags=["nightly"])
    fill(9, STATES)
    fill(9, STATES, stranger, tags=["nightly"])
    before, events = standing(admin.tenant_id), count("job_events")
    foreseen = bulk.cancel(database, admin.tenant_id, by(tag="nightly"), dry_run=True)
    assert (standing(admin.tenant_id), count("job_events")) == (before, events)
    done = bulk.cancel(database, admin.tenant_id, by(tag="nightly"), dry_run=False)
    expected = sum(1 for place in range(MANY) if STATES[place % 9] not in FINAL)
    assert done == foreseen == Tally(expected, NONE_SKIPPED, None)
    assert count("job_events") == events + expected
    after = standing(admin.tenant_id)
    assert after["running"] == before["running"]
    idle = ("scheduled", "waiting", "queued", "retryable")
    assert [after[state] for state in idle] == [1] * 4
    assert after["cancelled"] == before["cancelled"] + sum(before[state] - 1 for state in idle)
    assert set(standing(stranger.tenant_id).values()) == {1}


def test_retrying_2500_mixed_jobs_does_what_the_dry_run_said(
    database: Database,
    admin: Principal,
    fill: Fill,
    standing: Callable[[UUID], Counter[str]],
    count: Callable[..., int],
) -> None:
    stranger = make_principal(database, "stranger", Role.ADMIN)
    fill(MANY, STATES)
    fill(9, STATES, stranger)
    before = standing(admin.tenant_id)
    foreseen = bulk.retry(database, admin.tenant_id, by(kind="platform.echo"), dry_run=True)
    assert (standing(admin.tenant_id), count("job_outbox")) == (before, 0)
    done = bulk.retry(database, admin.tenant_id, by(kind="platform.echo"), dry_run=False)
    expected = sum(before[state] for state in UNSUCCESSFUL)
    assert done == foreseen == Tally(expected, NONE_SKIPPED, None)
    assert count("job_outbox") == expected
    after = standing(admin.tenant_id)
    assert (after["queued"], after["succeeded"]) == (before["queued"] + expected, before["succeeded"])
    assert not any(after[state] for state in UNSUCCESSFUL)
    assert set(standing(stranger.tenant_id).values()) == {1}


def test_asking_again_changes_nothing_more(database: Database, admin: Principal, fill: Fill) -> None:
    fill(30, [State.QUEUED, State.FAILED])
    assert bulk.cancel(database, admin.tenant_id, by(), dry_run=False).changed == 15
    assert bulk.cancel(database, admin.tenant_id, by(), dry_run=False).matched == 0
    assert bulk.retry(database, admin.tenant_id, by(), dry_run=False).changed == 30
    assert bulk.retry(database, admin.tenant_id, by(), dry_run=False).matched == 0


def test_what_succeeded_is_retried_only_if_that_is_asked_for(
    database: Database, admin: Principal, fill: Fill, standing: Callable[[UUID], Counter[str]]
) -> None:
    fill(6, [State.SUCCEEDED, State.FAILED])
    assert bulk.retry(database, admin.tenant_id, by(), dry_run=False).changed == 3
    assert bulk.retry(database, admin.tenant_id, by(state="running"), dry_run=False).matched == 0
    assert bulk.retry(database, admin.tenant_id, by(state="succeeded"), dry_run=False).changed == 3
    assert standing(admin.tenant_id) == {"queued": 6}


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_jobs_named_by_their_ids_those_out_of_reach_are_told(
    database: Database, admin: Principal, fill: Fill, *, dry_run: bool
) -> None:
    stranger = make_principal(database, "stranger", Role.ADMIN)
    mine, others = fill(18, STATES), fill(9, STATES, stranger)
    ids = [*mine, *others, uuid4(), mine[0]]
    skipped = {**NONE_SKIPPED, "already_final": 8}
    assert bulk.cancel(database, admin.tenant_id, named(ids), dry_run=dry_run) == Tally(10, skipped, None)


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_ids_to_retry_whatever_is_final_counts(
    database: Database, admin: Principal, fill: Fill, *, dry_run: bool
) -> None:
    skipped = {**NONE_SKIPPED, "not_final": 10}
    tally = bulk.retry(database, admin.tenant_id, named(fill(18, STATES)), dry_run=dry_run)
    assert tally == Tally(8, skipped, None)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_unique_key_is_given_to_one_of_those_who_had_it_and_not_taken_away(
    database: Database,
    admin: Principal,
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    *,
    dry_run: bool,
) -> None:
    """Given six failed jobs of two keys, one of which a living job holds, in batches of two."""
    monkeypatch.setattr(bulk, "BATCH", 2)
    for key in ("free", "held", "free", "held", "free", "held"):
        put(submit_job("platform.echo", {}, unique_key=key), state="failed")
    submit_job("platform.echo", {}, unique_key="held")
    tally = bulk.retry(database, admin.tenant_id, by(), dry_run=dry_run)
    assert tally == Tally(1, {**NONE_SKIPPED, "unique_key_held": 5}, None)


def test_a_page_ends_at_its_limit_and_the_next_goes_on_behind_it(
    database: Database, admin: Principal, fill: Fill, standing: Callable[[UUID], Counter[str]]
) -> None:
    ids = sorted(fill(21, [State.QUEUED]))
    assert bulk.cancel(database, admin.tenant_id, by(), dry_run=True, limit=21).next_after is None
    first = bulk.cancel(database, admin.tenant_id, by(), dry_run=False, limit=20)
    assert (first.changed, first.next_after) == (20, ids[19])
    assert standing(admin.tenant_id) == {"cancelled": 20, "queued": 1}
    rest = Selection(JobFilter(), after=first.next_after)
    assert bulk.cancel(database, admin.tenant_id, rest, dry_run=False, limit=20) == Tally(1, NONE_SKIPPED, None)
    assert LARGEST_PAGE == 10_000


def test_workers_hear_which_running_jobs_they_are_to_stop(
    database: Database, database_url: str, admin: Principal, fill: Fill
) -> None:
    running = fill(3, [State.RUNNING])
    workers = Listener(database_url, cancellation.CHANNEL)
    assert workers.wait(0.0) == []
    bulk.cancel(database, admin.tenant_id, by(), dry_run=True)
    bulk.cancel(database, admin.tenant_id, by(), dry_run=False)
    heard: set[str] = set()
    while len(heard) < 3:
        heard |= set(workers.wait(60.0))
    assert heard == {str(job_id) for job_id in running}
    workers.close()


def test_while_workers_claim_every_job_is_either_cancelled_or_asked_to_stop(
    database: Database, admin: Principal, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given workers that claim 600 jobs in the opposite order while they are cancelled in small batches."""
    monkeypatch.setattr(bulk, "BATCH", 20)
    ids = fill(600, [State.QUEUED])
    begun = threading.Event()

    def work(mine: Sequence[UUID]) -> None:
        for job_id in mine:
            with database.statements() as session:
                claim(session, job_id, worker="test:1", lease_s=30.0)
            begun.set()

    workers = [threading.Thread(target=work, args=(list(reversed(ids))[place::3],)) for place in range(3)]
    for each in workers:
        each.start()
    assert begun.wait(60)
    tally = bulk.cancel(database, admin.tenant_id, by(), dry_run=False)
    for each in workers:
        each.join()
    assert (tally.changed, tally.next_after) == (600, None)
    statement = text("SELECT state, cancel_requested_at IS NOT NULL AS asked, count(*) AS jobs FROM jobs GROUP BY 1, 2")
    with database.statements() as session:
        left = {(row.state, row.asked): row.jobs for row in session.execute(statement)}
    assert set(left) <= {("cancelled", True), ("running", True)}
    assert sum(left.values()) == 600


@pytest.mark.parametrize("action", [bulk.cancel, bulk.retry])
def test_of_many_requests_at_once_each_job_is_changed_by_one(
    database: Database,
    admin: Principal,
    fill: Fill,
    at_once: Callable[..., list[Any]],
    count: Callable[[str], int],
    action: Callable[..., Tally],
) -> None:
    fill(300, [State.QUEUED, State.FAILED])
    events = count("job_events")
    came = at_once(lambda: action(database, admin.tenant_id, by(), dry_run=False), 4)
    assert all(isinstance(one, Tally) for one in came), came
    assert count("job_events") == events + 150
