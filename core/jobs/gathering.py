"""Gathering: fire times of many schedules that are due together share a job, where their kind knows how."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.ids import uuid7
from core.jobs.firing_policy import Overlap
from core.jobs.kind import JobKind
from core.jobs.lending import borrowed
from core.jobs.schedule_models import Schedule
from core.jobs.scheduled_jobs import Firing
from core.jobs.submission import JobRequest, Origin, job_row

TAG = "gathered"


def share_jobs(
    session: Session, kinds: Mapping[str, JobKind], firings: Sequence[Firing], now: datetime
) -> list[Firing]:
    """Return the same firings, those of gathering kinds with the jobs that they share in place of their own.

    Schedules share where kind, tenant, priority and whoever lends them the role are the same, and nothing else is asked
    for that one job could not give all of them.
    """
    alone: list[Firing] = []
    together: dict[tuple[Any, ...], list[Firing]] = {}
    for firing in firings:
        if _shares(firing, kinds):
            together.setdefault(_likeness(firing.schedule), []).append(firing)
        else:
            alone.append(firing)
    shared = [one for alike in together.values() for one in _share(session, kinds, alike, now)]
    return [*alone, *shared]


def _shares(firing: Firing, kinds: Mapping[str, JobKind]) -> bool:
    schedule = firing.schedule
    plain = schedule.overlap == Overlap.ALLOW and schedule.callback_url is None and not schedule.jitter_s
    return firing.job is not None and plain and kinds[schedule.kind].gathering is not None


def _likeness(schedule: Schedule) -> tuple[Any, ...]:
    own = (schedule.timeout_s, schedule.max_attempts)
    return (schedule.tenant_id, schedule.kind, schedule.priority, schedule.created_by, schedule.role, *own)


def _share(
    session: Session, kinds: Mapping[str, JobKind], firings: Sequence[Firing], now: datetime
) -> Iterator[Firing]:
    kind = kinds[firings[0].schedule.kind]
    assert kind.gathering is not None
    ordered = sorted(firings, key=lambda one: one.fire_at)
    for first in range(0, len(ordered), kind.gathering.most):
        some = ordered[first : first + kind.gathering.most]
        schedule: Schedule = some[0].schedule
        fired = [(one.schedule.params, one.fire_at) for one in some]
        params = kind.gathering.gather(session, schedule.tenant_id, fired)
        options: dict[str, Any] = {"timeout_s": schedule.timeout_s, "max_attempts": schedule.max_attempts}
        request = JobRequest(kind, params, priority=schedule.priority, tags=[TAG], **options)
        job_id: UUID = uuid7()
        job = job_row(borrowed(schedule), request, now=now, origin=Origin(job_id=job_id))
        yield from (replace(one, job=job) for one in some)
