"""Firing: schedules that are due submit their jobs, each fire time once, however many tickers there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.database import Database, Prepared
from core.errors import Invalid, PenstockError
from core.jobs import gathering, quotas, scheduled_jobs
from core.jobs.firing_policy import Missed, Outcome, Overlap, decide
from core.jobs.kind import MISFITS, JobKind
from core.jobs.lending import Lenders, find_lenders
from core.jobs.models import Job
from core.jobs.quotas import QuotaExceeded
from core.jobs.recurrence import Recurrence
from core.jobs.schedule_models import Schedule, ScheduleRun
from core.jobs.scheduled_jobs import Firing, jitter, make_row
from core.jobs.schedules import FindKind, lock, recurrence_of
from core.jobs.states import FINAL
from core.platform.access import Principal
from core.platform.tenants import Tenant

BATCH = 500
SUBMITTED_AT_ONCE = 1_000
RECORDED_AT_ONCE = 2_500
"""How many fire times the schedules of a batch settle together, where all are made up for and where at most one is."""
LONGEST_REASON = 2_000

_ANY_DUE = Prepared(
    "penstock_any_due", ("int",), "SELECT 1 FROM schedules WHERE NOT paused AND next_fire_at <= now() LIMIT $1"
)


class ScheduledKindGone(Invalid):
    """The kind that the schedule submits is no longer there."""

    code = "scheduled_kind_gone"


def tick(database: Database, kinds: Mapping[str, JobKind]) -> int:
    """Fire what is due and return how many fire times were settled; asks one cheap question when nothing is due."""
    if not database.run(_ANY_DUE, 1):
        return 0
    with database.transaction() as session:
        return fire_due(session, kinds)


def fire_due(session: Session, kinds: Mapping[str, JobKind], *, now: datetime | None = None) -> int:
    """Fire a batch of due schedules in the caller's transaction; return how many fire times were settled.

    Due is what lies behind by the database's clock. A schedule whose job can no longer be submitted is paused; those
    of a suspended tenant wait until it is not, and their fire times are missed ones then.
    """
    now = now or session.execute(select(func.now())).scalar_one()
    due = _take(session, now)
    bounded = quotas.find_bounded(session, {schedule.tenant_id for schedule in due})
    batch = _Batch(session, kinds, now, _busy(session, due), find_lenders(session, due), bounded, share=len(due))
    firings = [firing for schedule in due for firing in batch.fire(schedule)]
    session.flush()
    _move_on(session, due)
    scheduled_jobs.record(session, gathering.share_jobs(session, kinds, firings, now))
    return len(firings)


def run_now(session: Session, principal: Principal, find_kind: FindKind, schedule_id: UUID, *, now: datetime) -> UUID:
    """Submit a schedule's job at once, paused or not, whatever else of it is open; return the job's id.

    Raises what submitting the job would.
    """
    schedule = lock(session, principal.tenant_id, schedule_id)
    kind = find_kind(schedule.kind)
    principal.require(kind.permission(schedule.params))
    params = scheduled_jobs.check(session, kind, schedule, find_lenders(session, [schedule]).principal_of(schedule))
    job = make_row(schedule, kind, params, run_at=now, now=now)
    fire_at = _free_instant(session, schedule_id, now)
    scheduled_jobs.record(session, [Firing(schedule, fire_at, Outcome.MANUAL, job)])
    return UUID(job["id"])


def _take(session: Session, now: datetime) -> Sequence[Schedule]:
    return session.scalars(
        select(Schedule)
        .join(Tenant, Tenant.id == Schedule.tenant_id)
        .where(~Schedule.paused, Schedule.next_fire_at <= now, Tenant.suspended_at.is_(None))
        .order_by(Schedule.next_fire_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Schedule)
    ).all()


def _busy(session: Session, due: Sequence[Schedule]) -> frozenset[UUID | None]:
    """Tell which schedules have a job that is not final, of those that care."""
    caring = [schedule.id for schedule in due if schedule.overlap == Overlap.SKIP]
    if not caring:
        return frozenset()
    open_ones = select(Job.schedule_id).where(Job.schedule_id.in_(caring), Job.state.not_in(sorted(FINAL)))
    return frozenset(session.scalars(open_ones.distinct()))


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the schedules have in common that are fired together."""

    session: Session
    kinds: Mapping[str, JobKind]
    now: datetime
    busy: frozenset[UUID | None]
    lenders: Lenders
    bounded: frozenset[UUID]
    """The tenants that have quotas; the others are not asked one schedule after the other."""
    share: int
    """How many there are: each may settle so much less."""
    told: Counter[UUID] = field(default_factory=Counter)
    """How many jobs each tenant will have of them that are not in the database yet."""

    def fire(self, schedule: Schedule) -> list[Firing]:
        """Settle a schedule's due fire times, or pause it."""
        try:
            kind = _kind(self.kinds, schedule)
            principal = self.lenders.principal_of(schedule)
            params = scheduled_jobs.check(self.session, kind, schedule, principal)
            is_busy = schedule.id in self.busy
            outcomes = _outcomes(schedule, recurrence_of(schedule), self.now, is_busy=is_busy, share=self.share)
        except MISFITS as error:
            return [_refuse(schedule, error)]
        try:
            self._hold_to_quotas(schedule, kind, sum(each is Outcome.SUBMITTED for each in outcomes.values()))
        except QuotaExceeded as error:
            # Not paused: there is room again tomorrow, or once jobs have gone.
            return [_unless_submitted(schedule, at, outcome, str(error)) for at, outcome in outcomes.items()]
        return [
            Firing(
                schedule, at, outcome, make_row(schedule, kind, params, run_at=at + jitter(schedule, at), now=self.now)
            )
            if outcome is Outcome.SUBMITTED
            else Firing(schedule, at, outcome)
            for at, outcome in outcomes.items()
        ]

    def _hold_to_quotas(self, schedule: Schedule, kind: JobKind, submitted: int) -> None:
        """Raise `QuotaExceeded` where a tenant's jobs, or those of one schedule within a minute, would be too many."""
        if not submitted or schedule.tenant_id not in self.bounded:
            return
        tenant_id, more = schedule.tenant_id, self.told[schedule.tenant_id] + submitted
        quotas.hold_to(self.session, tenant_id, quotas.JOBS, now=self.now, more=more)
        pace = quotas.Pace("schedule_runs", "schedule_id", schedule.id)
        quotas.hold_to_pace(self.session, tenant_id, pace, more=submitted)
        if kind.gathering is None:  # else many fire times share a job
            self.told[tenant_id] = more


def _unless_submitted(schedule: Schedule, at: datetime, outcome: Outcome, reason: str) -> Firing:
    if outcome is Outcome.SUBMITTED:
        return Firing(schedule, at, Outcome.REFUSED, detail=reason[:LONGEST_REASON])
    return Firing(schedule, at, outcome)


def _outcomes(
    schedule: Schedule, recurrence: Recurrence, now: datetime, *, is_busy: bool, share: int
) -> dict[datetime, Outcome]:
    """Decide over a schedule's due fire times, a share of what may be settled at once at most, and move it on."""
    missed, overlap, first = Missed(schedule.missed), Overlap(schedule.overlap), schedule.next_fire_at
    assert first is not None
    most = max(1, (SUBMITTED_AT_ONCE if missed is Missed.ALL else RECORDED_AT_ONCE) // share)
    due = takewhile(lambda at: at <= now, chain([first], recurrence.times_after(first)))
    times = list(islice(due, most))
    upcoming = recurrence.next_after(times[-1])
    set_committed_value(schedule, "next_fire_at", upcoming)
    are_all = upcoming is None or upcoming > now
    return decide(times, now, missed=missed, overlap=overlap, is_busy=is_busy, are_all=are_all)


def _move_on(session: Session, due: Sequence[Schedule]) -> None:
    """Write down when schedules fire next, all in one statement: one for each would cost more than all else."""
    moved = {"ids": [schedule.id for schedule in due], "times": [schedule.next_fire_at for schedule in due]}
    session.execute(_MOVE_ON, moved)


_MOVE_ON = text(
    """
UPDATE schedules SET next_fire_at = moved.at
FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS moved (id, at) WHERE schedules.id = moved.id
"""
)


def _kind(kinds: Mapping[str, JobKind], schedule: Schedule) -> JobKind:
    if schedule.kind not in kinds:
        raise ScheduledKindGone(f"there is no kind {schedule.kind!r} any more")
    return kinds[schedule.kind]


def _refuse(schedule: Schedule, error: Exception) -> Firing:
    fields = error.errors if isinstance(error, PenstockError) else ()
    told = [str(error) or type(error).__name__, *(f"{field.pointer}: {field.detail}" for field in fields)]
    reason = "; ".join(told)[:LONGEST_REASON]
    assert schedule.next_fire_at is not None
    schedule.paused, schedule.paused_reason = True, reason
    return Firing(schedule, schedule.next_fire_at, Outcome.REFUSED, detail=reason)


def _free_instant(session: Session, schedule_id: UUID, now: datetime) -> datetime:
    """Return now, or a moment after the latest fire time if that one lies ahead."""
    latest = session.scalar(select(func.max(ScheduleRun.fire_at)).where(ScheduleRun.schedule_id == schedule_id))
    return now if latest is None else max(now, latest + timedelta(microseconds=1))
