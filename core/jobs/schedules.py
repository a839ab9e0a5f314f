"""Schedules: the rules by which tenants submit jobs at times; made, changed, paused and taken away."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.ids import uuid7
from core.jobs import secret_params
from core.jobs.artifacts import keep_uploads
from core.jobs.cron import read_cron
from core.jobs.kind import JobKind
from core.jobs.recurrence import Interval, Recurrence, find_zone
from core.jobs.schedule_models import Schedule
from core.jobs.schedule_queries import ScheduleMissing
from core.jobs.submission import check_params
from core.jobs.timeouts import check_timeout
from core.platform.access import Principal

FindKind = Callable[[str], JobKind]
_WHEN = frozenset({"cron", "every_s", "timezone", "starts_at", "ends_at"})
_WHAT = frozenset({"kind", "params", "timeout_s"})


class RuleInvalid(Invalid):
    """A schedule has either a cron rule or an interval, and fires at least once between its start and its end."""

    code = "rule_invalid"


def create(
    session: Session, principal: Principal, find_kind: FindKind, asked: Mapping[str, Any], *, now: datetime
) -> UUID:
    """Make a schedule of checked fields; raises what submitting its job would, `RuleInvalid` and the rules' errors.

    Its jobs will be submitted with the role that the caller has now.
    """
    schedule = Schedule(id=uuid7(), tenant_id=principal.tenant_id, created_at=now, version=1, **asked)
    _entrust(session, principal, find_kind, schedule, schedule.params)
    schedule.next_fire_at = recurrence_of(schedule).next_after(now)
    if schedule.next_fire_at is None:
        raise _rule_invalid("/ends_at", "the schedule would never fire: it ends before its first fire time")
    session.add(schedule)
    session.flush()
    return schedule.id


def change(
    session: Session,
    principal: Principal,
    find_kind: FindKind,
    schedule_id: UUID,
    changes: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Change some fields; raises what `create` does, though a schedule may be made to end before it fires.

    A cron rule takes the place of an interval and the other way round. Fire times are told anew from now on if what
    they follow has changed or the schedule was paused; whoever changes what is submitted lends it the own role.
    """
    schedule = lock(session, principal.tenant_id, schedule_id)
    was_paused = schedule.paused
    kept_params = _opened_params(session, find_kind, schedule) if changes.keys() & _WHAT else {}
    for name, value in {**_replaced_rule(changes), **changes}.items():
        if name != "params":  # which may hold secrets, and are kept without them below
            setattr(schedule, name, value)
    schedule.version += 1
    if not schedule.paused:
        schedule.paused_reason = None
    if changes.keys() & _WHAT:
        given = changes.get("params")
        _entrust(session, principal, find_kind, schedule, kept_params if given is None else given)
    if changes.keys() & _WHEN or (was_paused and not schedule.paused):
        schedule.next_fire_at = recurrence_of(schedule).next_after(now)
    session.flush()


def delete(session: Session, tenant_id: UUID, schedule_id: UUID) -> None:
    """Take a schedule away with the history of its fire times; its jobs stay."""
    session.delete(lock(session, tenant_id, schedule_id))
    secret_params.forget(session, schedule_id)
    session.flush()


def times_ahead(session: Session, tenant_id: UUID, schedule_id: UUID, *, now: datetime) -> Iterator[datetime]:
    """Yield the fire times that lie ahead, whether the schedule is paused or not; raises `ScheduleMissing`."""
    return recurrence_of(_found(session, _mine(tenant_id, schedule_id))).times_after(now)


def lock(session: Session, tenant_id: UUID, schedule_id: UUID) -> Schedule:
    """Return a schedule that nobody else fires or changes meanwhile; raises `ScheduleMissing`."""
    return _found(session, _mine(tenant_id, schedule_id).with_for_update())


def recurrence_of(schedule: Schedule) -> Recurrence:
    """Return what a schedule's fire times follow; raises `RuleInvalid`, `CronInvalid` or `ZoneUnknown`."""
    zone = find_zone(schedule.timezone)
    starts_at, ends_at = schedule.starts_at, schedule.ends_at
    if starts_at is not None and ends_at is not None and ends_at < starts_at:
        raise _rule_invalid("/ends_at", "lies before starts_at")
    if schedule.cron is not None and schedule.every_s is None:
        return Recurrence(read_cron(schedule.cron, zone), starts_at, ends_at)
    if schedule.every_s is not None and schedule.cron is None:
        step = timedelta(seconds=schedule.every_s)
        return Recurrence(Interval(step, starts_at or schedule.created_at), starts_at, ends_at)
    raise _rule_invalid("/cron", "give either cron or every_s")


def check_job(principal: Principal, kind: JobKind, schedule: Schedule, params: Any) -> None:
    """Raise what submitting a schedule's job with these params, secrets and all, would."""
    check_params(kind, params)
    principal.require(kind.permission(params))
    check_timeout(principal, kind, schedule.timeout_s)


def _mine(tenant_id: UUID, schedule_id: UUID) -> Select[Schedule]:
    return select(Schedule).where(Schedule.id == schedule_id, Schedule.tenant_id == tenant_id)


def _found(session: Session, query: Select[Schedule]) -> Schedule:
    schedule = session.scalars(query).one_or_none()
    if schedule is None:
        raise ScheduleMissing
    return schedule


def _opened_params(session: Session, find_kind: FindKind, schedule: Schedule) -> Any:
    """Return a schedule's params with their secrets; as they are kept where the kind is no longer there."""
    try:
        kind = find_kind(schedule.kind)
    except Invalid:
        return schedule.params
    return secret_params.opened(session, kind, schedule.tenant_id, schedule.id, schedule.params)


def _entrust(
    session: Session, principal: Principal, find_kind: FindKind, schedule: Schedule, params: Mapping[str, Any]
) -> None:
    kind = find_kind(schedule.kind)
    check_job(principal, kind, schedule, params)
    keep_uploads(session, principal.tenant_id, params)
    schedule.params = secret_params.keep(session, kind, schedule.tenant_id, schedule.id, params)
    schedule.created_by, schedule.role = principal.id, principal.role


def _replaced_rule(changes: Mapping[str, Any]) -> dict[str, Any]:
    given = {name for name in ("cron", "every_s") if changes.get(name) is not None}
    return dict.fromkeys({"cron", "every_s"} - given) if len(given) == 1 else {}


def _rule_invalid(pointer: str, detail: str) -> RuleInvalid:
    return RuleInvalid(detail, errors=[FieldError(pointer, detail)])
