"""Triggering: numbered events fire the triggers that wait for them, each once, and never in a circle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import database_now
from core.errors import Denied, Invalid, PenstockError
from core.ids import uuid7
from core.jobs import insertion, quotas
from core.jobs.artifacts import keep_uploads
from core.jobs.kind import MISFITS, JobKind
from core.jobs.lending import Lenders, find_lenders
from core.jobs.submission import JobRequest, Origin, job_row
from core.jobs.trigger_models import Trigger, TriggerRun
from core.jobs.trigger_rules import made_params, passes
from core.platform.bus.documents import event_document
from core.platform.bus.numbering import Place
from core.platform.tenants import Tenant

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

    An event fires no trigger that led to it, none beyond a trigger's depth, none that has fired too often within the
    minute, and none of a suspended tenant. A trigger whose job can never be submitted is paused, with the reason; one
    whose tenant is beyond a quota just now is not.
    """
    waiting = _waiting(session, events)
    batch = _Batch(session, kinds, database_now(session), find_lenders(session, waiting))
    fired = [
        batch.fire(trigger, event)
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
    mine = Trigger.active & Trigger.tenant_id.in_(tenants) & Trigger.topic.in_(topics) & Tenant.suspended_at.is_(None)
    query = select(Trigger).join(Tenant, Tenant.id == Trigger.tenant_id).where(mine).order_by(Trigger.id)
    return session.scalars(query.with_for_update(of=Trigger)).all()


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the triggers have in common that are fired together."""

    session: Session
    kinds: Mapping[str, JobKind]
    now: datetime
    lenders: Lenders
    told: Counter[UUID] = field(default_factory=Counter)
    """How many jobs each tenant, and each trigger, will have of them that are not in the database yet."""

    def fire(self, trigger: Trigger, event: Row[Any]) -> Fired:
        """Decide what becomes of an event at a trigger, and make its job."""
        if reason := _reason_not_to(trigger, event, self.now):
            trigger.suppressed += 1
            return Fired(trigger, event, reason)
        try:
            self._hold_to_quotas(trigger)
            job = self._job(trigger, event)
        except MISFITS as error:
            return _refuse(trigger, event, error)
        self.told.update((trigger.tenant_id, trigger.id))
        trigger.in_minute += 1
        trigger.fired += 1
        trigger.last_fired_at = self.now
        return Fired(trigger, event, "submitted", job)

    def _hold_to_quotas(self, trigger: Trigger) -> None:
        """Raise `QuotaExceeded` where a tenant's jobs, or those of one trigger within a minute, would be too many."""
        more = self.told[trigger.tenant_id] + 1
        quotas.hold_to(self.session, trigger.tenant_id, quotas.JOBS, now=self.now, more=more)
        pace = quotas.Pace("trigger_runs", "trigger_id", trigger.id)
        quotas.hold_to_pace(self.session, trigger.tenant_id, pace, more=self.told[trigger.id] + 1)

    def _job(self, trigger: Trigger, event: Row[Any]) -> dict[str, Any]:
        if trigger.kind not in self.kinds:
            raise TriggeredKindGone(f"there is no kind {trigger.kind!r} any more")
        params = made_params(trigger.params, trigger.params_from, event_document(event))
        tags = [*trigger.tags, f"trigger:{trigger.id}"]
        request = JobRequest(self.kinds[trigger.kind], params, priority=trigger.priority, tags=tags)
        principal = self.lenders.principal_of(trigger)
        row = job_row(principal, request, now=self.now, origin=Origin(job_id=uuid7()))
        keep_uploads(self.session, trigger.tenant_id, params)
        return row


def _reason_not_to(trigger: Trigger, event: Row[Any], now: datetime) -> str | None:
    if trigger.id in event.chain:
        return "looped"
    if len(event.chain) >= trigger.max_depth:
        return "too_deep"
    if trigger.minute_began_at is None or now - trigger.minute_began_at >= MINUTE:
        trigger.minute_began_at, trigger.in_minute = now, 0
    return "too_many" if trigger.in_minute >= trigger.max_per_minute else None


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
