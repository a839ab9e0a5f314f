"""This file is about the loop: a plan each quarter of an hour, checked before it counts, never silence.

Whoever turns it, and however often: a slot is planned once, and what a job leaves is settled once. Beat turns it, and
so does each measurement, order or look at the schedule, so that nobody waits for Beat.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.ids import uuid7
from core.jobs.idempotency import IdempotentRequest
from core.jobs.models import Job
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.workloads.pumping import kinds
from core.workloads.pumping.operations import alerts, overrides, plans, prices, states
from core.workloads.pumping.operations.gathering import Known, replan_params, slot_of
from core.workloads.pumping.operations.models import PlanRow
from core.workloads.pumping.operations.plants import Station

TAG = "replan"
LATE_AFTER = timedelta(minutes=10)
"""A plan that takes longer is not waited for: the next slot's is made, and people are told."""
FOLLOWED_FOR = timedelta(hours=2)
"""For so long a plan is followed when none comes after it; then the station is left to its own control."""
_PRIORITY = 9


def turn(session: Session, station: Station, trigger: str, *, clock: Clock) -> UUID | None:
    """Settle what is done, then have the present slot planned if it is not yet; return the new plan.

    `schedule` plans a slot once; any other trigger plans it anew.
    """
    settle(session, station, clock=clock)
    if not station.active:
        return None
    slot = slot_of(station.now(clock()))
    _lock(session, station)
    made = session.scalar(select(func.max(PlanRow.revision)).where(*_of(station), PlanRow.slot == slot))
    if made is not None and trigger == "schedule":
        return None
    known = gather(session, station, slot, now=station.now(clock()))
    if not known.readings:
        return None
    return _plan(session, station, known, slot, trigger, revision=0 if made is None else made + 1, clock=clock)


def gather(session: Session, station: Station, slot: datetime, *, now: datetime) -> Known:
    """Collect all that may be used to plan a slot; orders are those in force now, which is within it."""
    plan = plans.in_force(session, station)
    return Known(
        plant=station.as_param,
        zone=station.zone,
        readings=states.history(session, station, slot),
        prices=prices.around(session, station, slot),
        orders=overrides.in_force(session, station, now),
        plan=[] if plan is None else plan.result["schedule"],
        settings={name: value for name, value in station.settings.items() if name != "timezone"},
    )


def settle(session: Session, station: Station, *, clock: Clock) -> None:
    """Take over what the jobs of open plans have left; a plan counts only once it has passed the audit."""
    query = select(PlanRow).where(*_of(station), PlanRow.status == "planning").order_by(PlanRow.id)
    for row in session.scalars(query.with_for_update(skip_locked=True)).all():
        job = session.execute(
            select(Job.state, Job.result, Job.error).where(Job.id == row.job_id, Job.tenant_id == station.tenant_id)
        ).one_or_none()
        if job is not None and job.state not in FINAL:
            if clock() - row.created_at > LATE_AFTER:
                _give_up(session, station, row, f"It was not made within {LATE_AFTER}.", now=clock())
            continue
        if job is None or job.state != State.SUCCEEDED or job.result is None:
            detail = (job.error or {}).get("message") if job is not None else None
            _give_up(session, station, row, detail or "Its job left nothing.", now=clock())
            continue
        _settle_one(session, station, row, job.result, now=clock())


def submit_turn(
    session: Session,
    tenant_id: UUID,
    plan_id: UUID,
    params: Mapping[str, Any],
    *,
    clock: Clock,
    idempotency: IdempotentRequest | None = None,
) -> UUID:
    """Submit one turn of a loop (params of `pumping.replan` as JSON) as the loop's own job and return its id."""
    plant = params["plant"]
    name = plant if isinstance(plant, str) else plant["name"]
    principal = Principal(plan_id, tenant_id, Role.OPERATOR, "loop")
    request = JobRequest(kinds.REPLAN, dict(params), priority=_PRIORITY, tags=[TAG, f"plant:{name}"])
    return submit(session, principal, request, clock=clock, idempotency=idempotency).job_id


def follows(plan: Any, now: datetime) -> bool:
    """Tell whether a plan is still to be followed at an instant of the station's clock."""
    return plan is not None and now < plan.slot + FOLLOWED_FOR


def _settle_one(session: Session, station: Station, row: PlanRow, result: dict[str, Any], *, now: datetime) -> None:
    row.result, row.origin, row.reason, row.settled_at = result, result["origin"], result["reason"], now
    newer = session.scalar(
        select(func.count())
        .select_from(PlanRow)
        .where(*_of(station), PlanRow.id > row.id, PlanRow.status.in_(plans.OPEN))
    )
    if newer:
        row.status = "superseded"
        return
    # The rule controller's is what is left when no plan can be: it counts even where it must break a rule, and says so.
    fit = result["safe"] or result["origin"] == "rule"
    automatic = station.settings.get("automatic", True) or result["origin"] == "rule"
    row.status = ("applied" if automatic else "recommended") if fit else "failed"
    if fit:
        plans.supersede(session, row)
    session.flush()
    alerts.tell(session, station, result["notices"], seen_by_turn=True)


def _give_up(session: Session, station: Station, row: PlanRow, detail: str, *, now: datetime) -> None:
    row.status, row.reason, row.settled_at = "failed", detail, now
    session.flush()
    in_force = plans.in_force(session, station)
    kept = "the plan so far is followed" if follows(in_force, station.now(now)) else "the station is on its own control"
    notice = {
        "code": "planning_failed",
        "severity": "critical",
        "message": f"The plan for {row.slot.isoformat()} was not made: {detail} For now {kept}.",
    }
    alerts.tell(session, station, [notice], seen_by_turn=False)


def _plan(
    session: Session, station: Station, known: Known, slot: datetime, trigger: str, *, revision: int, clock: Clock
) -> UUID:
    plan_id = uuid7()
    job_id = submit_turn(session, station.tenant_id, plan_id, replan_params(known, slot, trigger), clock=clock)
    values = {"id": plan_id, "tenant_id": station.tenant_id, "plant": station.name, "slot": slot, "revision": revision}
    session.add(PlanRow(**values, trigger=trigger, status="planning", job_id=job_id))
    session.execute(
        update(PlanRow)
        .where(*_of(station), PlanRow.slot == slot, PlanRow.status == "planning", PlanRow.id < plan_id)
        .values(status="superseded", reason="Planned anew before it was made.")
    )
    session.flush()
    return plan_id


def _of(station: Station) -> tuple[Any, ...]:
    return PlanRow.tenant_id == station.tenant_id, PlanRow.plant == station.name


def _lock(session: Session, station: Station) -> None:
    """Have others who turn this station's loop wait for our commit."""
    key = func.hashtextextended(f"pumping/{station.tenant_id}/{station.name}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
