"""Every move from every state: the allowed ones move and tell, the others touch nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from core.database import Database
from core.jobs.lifecycle import Change, prepare, prepare_remark, transition
from core.jobs.models import Job
from core.jobs.states import FINAL, MOVES, Move, State

CASES = [(move, state) for move in MOVES for state in State]
NAMES = [f"{move.event}-from-{state}" for move, state in CASES]


def prepared(move: Move) -> Change:
    return prepare(move, where=Job.id == bindparam("job_id"))


@pytest.mark.parametrize(("move", "state"), CASES, ids=NAMES)
def test_a_move_starts_only_from_its_sources(
    module_job: UUID, module_database: Database, move: Move, state: State
) -> None:
    with module_database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = :state WHERE id = :id"), {"state": state, "id": module_job})
        before = read(session, module_job)
        rows = transition(session, prepared(move), job_id=module_job)
        after = read(session, module_job)
        session.rollback()
    if state in move.sources:
        assert (len(rows), after["state"], after["version"]) == (1, move.target, before["version"] + 1)
        assert after["event"] == (before["version"] + 1, move.event)
    else:
        assert (rows, after) == ([], before)


@pytest.mark.parametrize("of", [State.RUNNING, State.WAITING])
@pytest.mark.parametrize("state", State)
def test_a_remark_is_made_of_jobs_in_its_one_state_only(
    module_job: UUID, module_database: Database, state: State, of: State
) -> None:
    remark = prepare_remark("job.progress", of=of, where=Job.id == bindparam("job_id"), values={})
    with module_database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = :state WHERE id = :id"), {"state": state, "id": module_job})
        rows = transition(session, remark, job_id=module_job)
        assert read(session, module_job)["state"] == state
        session.rollback()
    assert len(rows) == (state is of)


def test_a_change_that_is_rolled_back_leaves_no_event(
    database: Database, submit_job: Callable[..., UUID], history: Callable[[UUID], list[str]]
) -> None:
    job_id = submit_job("platform.echo", {})
    with database.transaction() as session:
        transition(session, prepared(MOVES[0]), job_id=job_id)
        session.rollback()
    assert history(job_id) == ["job.submitted", "job.queued"]


def test_many_rows_move_in_one_statement_each_with_its_event(
    database: Database, submit_job: Callable[..., UUID], history: Callable[[UUID], list[str]]
) -> None:
    jobs = [submit_job("platform.echo", {}) for _ in range(3)]
    cancel_all = prepare(next(move for move in MOVES if move.target is State.CANCELLED), where=Job.kind.is_not(None))
    with database.transaction() as session:
        assert {row.id for row in transition(session, cancel_all, data={"why": "test"})} == set(jobs)
    assert {history(job_id)[-1] for job_id in jobs} == {"job.cancelled"}


@pytest.mark.parametrize("move", [move for move in MOVES if move.target is State.QUEUED], ids=lambda move: move.event)
def test_a_job_is_never_queued_without_a_message(module_job: UUID, module_database: Database, move: Move) -> None:
    with module_database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = :state"), {"state": min(move.sources)})
        session.execute(text("DELETE FROM job_outbox"))
        transition(session, prepared(move), job_id=module_job)
        messages = session.execute(text("SELECT job_id, kind, queue, priority FROM job_outbox")).all()
        session.rollback()
    assert messages == [(module_job, "platform.echo", "default", 5)]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_job_is_stamped_and_holds_no_lease(
    database: Database, submit_job: Callable[..., UUID], row: Callable[[UUID], Row[Any]], state: State
) -> None:
    job_id = submit_job("platform.echo", {})
    move = next(move for move in MOVES if move.target is state)
    with database.transaction() as session:
        session.execute(text("UPDATE jobs SET state = :state"), {"state": min(move.sources)})
        transition(session, prepared(move), job_id=job_id)
    assert row(job_id).finished_at is not None
    assert (row(job_id).lease_expires_at, row(job_id).due_at) == (None, None)


def read(session: Session, job_id: UUID) -> dict[str, Any]:
    key = {"id": job_id}
    state, version = session.execute(text("SELECT state, version FROM jobs WHERE id = :id"), key).one()
    last = text("SELECT seq, type FROM job_events WHERE job_id = :id ORDER BY seq DESC LIMIT 1")
    return {"state": state, "version": version, "event": tuple(session.execute(last, key).one())}
