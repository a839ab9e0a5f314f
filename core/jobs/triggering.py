"""Triggering: numbered events fire the triggers that wait for them, each once, and never in a circle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import database_now
from core.errors import Denied, Invalid, PenstockError
from core.ids import uuid7
from core.jobs import insertion
from core.jobs.artifacts import keep_uploads
from core.jobs.kind import MISFITS, JobKind
from core.jobs.submission import JobRequest, Origin, job_row
from core.jobs.trigger_models import Trigger, TriggerRun
from core.jobs.trigger_rules import made_params, passes
from core.platform.access import Principal, Role
from core.platform.bus.documents import event_document
from core.platform.bus.numbering import Place

MINUTE = timedelta(minutes=1)
LONGEST_REASON = 2_000


class TriggeredKindGone(Invalid):
    """The kind that the trigger submits is no longer there."""

    code = "triggered_kind_gone"


@dataclass(frozen=True, slots=True)
class Fired:
    """What becomes of one event at one trigger."""

    trigger: Trigger
    event: Row[Any]
    outcome: str
    job: Mapping[str, Any] | None = None
    detail: str | None = None

    @property
    def run(self) -> dict[str, Any]:
        """Write it as a row of the trigger's history."""
        return {
            "trigger_id": self.trigger.id,
            "event_id": self.event.id,
            "seq": self.event.seq,
            "outcome": self.outcome,
            "job_id": None if self.job is None else UUID(self.job["id"]),
            "chain": [*self.event.chain, self.trigger.id],
            "detail": self.detail,
        }


def fire(session: Session, kinds: Mapping[str, JobKind], events: Sequence[Row[Any]]) -> Counter[Place]:
    """Submit the jobs of all triggers that wait for these events; return how many for each tenant and topic.

    An event fires no trigger that led to it, none beyond a trigger's depth, and none that has fired too often within
    the minute. A trigger whose job can never be submitted is paused, with the reason.
    """
    now = database_now(session)
    waiting = _waiting(session, events)
    fired = [
        _fire(session, kinds, trigger, event, now)
        for event in events
        for trigger in waiting
        if trigger.active and trigger.tenant_id == event.tenant_id and trigger.topic == event.topic
        if passes(trigger.filter, event_document(event))
    ]
    session.flush()
    return _record(session, fired)


def chain_of(session: Session, job_ids: Sequence[UUID]) -> list[UUID]:
    """Return the triggers that led to a job, given it and the jobs that it is part of."""
    chains = session.scalars(select(TriggerRun.chain).where(TriggerRun.job_id.in_(job_ids)))
    return max(chains, key=len, default=[])


def _waiting(session: Session, events: Sequence[Row[Any]]) -> Sequence[Trigger]:
    topics = sorted({event.topic for event in events})
    tenants = sorted({event.tenant_id for event in events})
    mine = Trigger.active & Trigger.tenant_id.in_(tenants) & Trigger.topic.in_(topics)
    return session.scalars(select(Trigger).where(mine).order_by(Trigger.id).with_for_update()).all()


def _fire(session: Session, kinds: Mapping[str, JobKind], trigger: Trigger, event: Row[Any], now: datetime) -> Fired:
    if reason := _reason_not_to(trigger, event, now):
        trigger.suppressed += 1
        return Fired(trigger, event, reason)
    try:
        job = _job(session, kinds, trigger, event, now)
    except MISFITS as error:
        return _refuse(trigger, event, error)
    trigger.in_minute += 1
    trigger.fired += 1
    trigger.last_fired_at = now
    return Fired(trigger, event, "submitted", job)


def _reason_not_to(trigger: Trigger, event: Row[Any], now: datetime) -> str | None:
    if trigger.id in event.chain:
        return "looped"
    if len(event.chain) >= trigger.max_depth:
        return "too_deep"
    if trigger.minute_began_at is None or now - trigger.minute_began_at >= MINUTE:
        trigger.minute_began_at, trigger.in_minute = now, 0
    return "too_many" if trigger.in_minute >= trigger.max_per_minute else None


def _job(
    session: Session, kinds: Mapping[str, JobKind], trigger: Trigger, event: Row[Any], now: datetime
) -> dict[str, Any]:
    if trigger.kind not in kinds:
        raise TriggeredKindGone(f"there is no kind {trigger.kind!r} any more")
    params = made_params(trigger.params, trigger.params_from, event_document(event))
    principal = Principal(
        trigger.created_by or trigger.id, trigger.tenant_id, Role(trigger.role), trigger.name or "trigger"
    )
    tags = [*trigger.tags, f"trigger:{trigger.id}"]
    request = JobRequest(kinds[trigger.kind], params, priority=trigger.priority, tags=tags)
    row = job_row(principal, request, now=now, origin=Origin(job_id=uuid7()))
    keep_uploads(session, trigger.tenant_id, params)
    return row


def _refuse(trigger: Trigger, event: Row[Any], error: Exception) -> Fired:
    fields = error.errors if isinstance(error, PenstockError) else ()
    told = [str(error) or type(error).__name__, *(f"{field.pointer}: {field.detail}" for field in fields)]
    reason = "; ".join(told)[:LONGEST_REASON]
    trigger.suppressed += 1
    # What is merely too much just now may go another time; what does not fit never will.
    if not isinstance(error, PenstockError) or isinstance(error, Invalid | Denied):
        trigger.active, trigger.paused_reason = False, reason
    return Fired(trigger, event, "refused", detail=reason)


def _record(session: Session, fired: Sequence[Fired]) -> Counter[Place]:
    if not fired:
        return Counter()
    write = insert(TriggerRun).on_conflict_do_nothing().returning(TriggerRun.trigger_id, TriggerRun.event_id)
    new = {(row.trigger_id, row.event_id) for row in session.execute(write, [one.run for one in fired])}
    fresh = [one for one in fired if (one.trigger.id, one.event.id) in new and one.job is not None]
    if rows := [one.job for one in fresh if one.job is not None]:
        insertion.insert_jobs(session, rows)
    return Counter((one.event.tenant_id, one.event.topic) for one in fresh)
