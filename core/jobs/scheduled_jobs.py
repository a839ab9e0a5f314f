"""The jobs of schedules: made for a fire time, and submitted in the transaction that writes down what became of it."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.ids import uuid7
from core.jobs import cancellation, insertion, secret_params
from core.jobs.artifacts import keep_uploads
from core.jobs.firing_policy import Outcome, Overlap
from core.jobs.kind import JobKind
from core.jobs.lending import borrowed
from core.jobs.models import Job
from core.jobs.schedule_models import Schedule, ScheduleRun
from core.jobs.schedules import check_job
from core.jobs.states import FINAL
from core.jobs.submission import JobRequest, Origin, checked_row
from core.platform.access import Principal


@dataclass(frozen=True, slots=True)
class Firing:
    """What is to become of one fire time."""

    schedule: Schedule
    fire_at: datetime
    outcome: Outcome
    job: Mapping[str, Any] | None = None
    """The row of its job, if it submits one."""
    detail: str | None = None

    @property
    def run(self) -> dict[str, Any]:
        """Write it as a row of the schedule's history."""
        return {
            "schedule_id": self.schedule.id,
            "fire_at": self.fire_at,
            "outcome": self.outcome,
            "job_id": None if self.job is None else UUID(self.job["id"]),
            "detail": self.detail,
        }


def record(session: Session, firings: Sequence[Firing]) -> None:
    """Write down what became of fire times, and submit the jobs of those that nobody wrote down before."""
    if not firings:
        return
    write = insert(ScheduleRun).on_conflict_do_nothing().returning(ScheduleRun.schedule_id, ScheduleRun.fire_at)
    new = {(row.schedule_id, row.fire_at) for row in session.execute(write, [firing.run for firing in firings])}
    fresh = [firing for firing in firings if (firing.schedule.id, firing.fire_at) in new]
    for firing in fresh:
        if firing.outcome is Outcome.SUBMITTED and firing.schedule.overlap == Overlap.CANCEL:
            _cancel_open(session, firing.schedule)
    # Several may share one job.
    if rows := {firing.job["id"]: firing.job for firing in fresh if firing.job is not None}:
        insertion.insert_jobs(session, list(rows.values()))


def check(session: Session, kind: JobKind, schedule: Schedule, principal: Principal) -> Any:
    """Raise what submitting a schedule's job as somebody would, and keep the uploads that it names.

    Returns the params with their secrets.
    """
    params = secret_params.opened(session, kind, schedule.tenant_id, schedule.id, schedule.params)
    check_job(principal, kind, schedule, params)
    keep_uploads(session, schedule.tenant_id, params)
    return params


def make_row(schedule: Schedule, kind: JobKind, params: Any, *, run_at: datetime, now: datetime) -> dict[str, Any]:
    """Write the row of a new job of a checked schedule."""
    request = JobRequest(
        kind,
        params,
        priority=schedule.priority,
        run_at=run_at,
        timeout_s=schedule.timeout_s,
        max_attempts=schedule.max_attempts,
        tags=schedule.tags,
        callback_url=schedule.callback_url,
    )
    origin = Origin(schedule_id=schedule.id, job_id=uuid7())
    return checked_row(borrowed(schedule), request, now=now, origin=origin)


def jitter(schedule: Schedule, fire_at: datetime) -> timedelta:
    """Return how much later than its fire time a job is due: up to `jitter_s`, for each fire time another figure.

    It follows from schedule and fire time alone, so that whoever fires tells the same.
    """
    seed = hashlib.sha256(f"{schedule.id} {rfc3339(fire_at)}".encode()).digest()
    return timedelta(seconds=random.Random(seed).uniform(0.0, schedule.jitter_s))  # noqa: S311 - no secret


def _cancel_open(session: Session, schedule: Schedule) -> None:
    open_ones = select(Job.id).where(Job.schedule_id == schedule.id, Job.state.not_in(sorted(FINAL)))
    for job_id in session.scalars(open_ones).all():
        # It may have ended just now.
        with suppress(cancellation.AlreadyFinal):
            cancellation.cancel(session, schedule.tenant_id, job_id)
