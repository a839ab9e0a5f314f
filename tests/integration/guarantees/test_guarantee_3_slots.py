"""No double fire: each slot has one key; without it, every Beat's tick is a job."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.catalogue import Catalogue
from core.database import Database
from core.ids import uuid7
from core.jobs import firing, insertion, scheduled_jobs
from core.jobs.models import Job
from core.jobs.schedule_models import Schedule
from core.jobs.scheduled_jobs import Firing
from core.jobs.submission import Submitted, submit
from core.platform.access import Principal, Role
from core.workloads.pumping import kinds
from core.workloads.pumping.operations import loop
from tasks import replanning

SLOT = datetime(2026, 11, 21, 6, 7, tzinfo=UTC)


def submit_without_key(*args: Any, idempotency: object, **options: Any) -> Submitted:
    assert idempotency is not None
    return submit(*args, **options)


def test_of_two_beats_and_three_ticks_by_hand_at_one_slot_comes_one_job(database: Database, at_once: Any) -> None:
    tick = partial(replanning.stand_in, database, SLOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "submit", submit_without_key)
        assert len(set(at_once(tick, 5))) == 5
    assert len(set(at_once(tick, 5))) == 1


def test_the_next_slot_has_a_turn_of_its_own_and_it_is_the_loops_kind(database: Database) -> None:
    first, second = (replanning.stand_in(database, SLOT + timedelta(minutes=minutes)) for minutes in (0, 15))
    with database.transaction() as session:
        jobs = session.execute(select(Job.id, Job.kind, Job.tags, Job.params).order_by(Job.id)).all()
    assert [job.id for job in jobs] == [first, second]
    assert {(job.kind, *job.tags) for job in jobs} == {("pumping.replan", "replan", "plant:tunnel")}
    assert [job.params["start"] for job in jobs] == ["2026-11-21T06:00:00", "2026-11-21T06:15:00"]
    assert all(kinds.REPLAN.params().validate(job.params) == {} for job in jobs)


@pytest.fixture
def due(database: Database, admin: Principal) -> UUID:
    """A schedule whose fire time has just come."""
    schedule_id = uuid7()
    with database.transaction() as session:
        now = session.execute(select(func.now())).scalar_one()
        rule = {"every_s": 3600.0, "next_fire_at": now - timedelta(seconds=1), "starts_at": now - timedelta(seconds=1)}
        what = {"kind": "platform.echo", "params": {}, "role": Role.ADMIN, "tenant_id": admin.tenant_id}
        session.add(Schedule(id=schedule_id, **what, **rule))
    return schedule_id


def record_without_looking(session: Session, firings: Sequence[Firing]) -> None:
    insertion.insert_jobs(session, [firing.job for firing in firings if firing.job is not None])


@pytest.mark.parametrize(("record", "jobs"), [(record_without_looking, 2), (scheduled_jobs.record, 1)])
def test_two_tickers_that_see_the_same_schedule_due_submit_one_job(
    database: Database,
    catalogue: Catalogue,
    due: UUID,
    at_once: Callable[..., list[Any]],
    count: Callable[[str], int],
    monkeypatch: pytest.MonkeyPatch,
    record: Callable[..., None],
    jobs: int,
) -> None:
    """Even where no lock keeps them apart, (schedule, fire time) is a key."""
    both_have_read = Barrier(2)

    def take_unlocked(session: Session, now: datetime) -> Sequence[Schedule]:
        taken = session.scalars(select(Schedule).where(Schedule.next_fire_at <= now)).all()
        both_have_read.wait(60)
        return taken

    monkeypatch.setattr(firing, "_take", take_unlocked)
    monkeypatch.setattr(scheduled_jobs, "record", record)
    outcomes = at_once(partial(firing.tick, database, catalogue.kinds), 2)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert count("jobs") == jobs
