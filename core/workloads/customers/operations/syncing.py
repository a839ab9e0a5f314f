"""This file is about applying a plan, chunk by chunk: settled, sent, acknowledged, each kept before the next step.

What a chunk carries is settled and kept as `sending` before the request. Who finds a chunk `sending` (after a kill or a
time-out) first asks the platform whether it has it, by the chunk's reference: so no row goes twice and none is missed.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.jobs.models import Job
from core.jobs.states import FINAL
from core.workloads.customers.connectors.base import AdPlatform, Connection, Receipt
from core.workloads.customers.operations import audiences, connections
from core.workloads.customers.operations.audience_models import (
    AcknowledgedRow,
    ChunkRow,
    PlannedRow,
)
from core.workloads.customers.operations.audiences import PlanBusy
from core.workloads.customers.operations.choosing import granted
from core.workloads.customers.operations.models import IdentifierRow
from core.workloads.customers.operations.planning import MOST_REMOVED

Transact = Callable[[], AbstractContextManager[Session]]


class RemovalUnconfirmed(Conflict):
    """The plan removes so many members that somebody has to confirm it."""

    code = "audience_removal_unconfirmed"


class PlanOver(Conflict):
    """The plan was superseded by a later one."""

    code = "audience_plan_over"


class AudienceGoesNowhere(Conflict):
    """The audience has no connection; export it as a file."""

    code = "audience_goes_nowhere"


@dataclass(frozen=True, slots=True)
class Sync:
    """A plan that is being applied."""

    plan_id: UUID
    audience_id: UUID
    name: str
    connection: Connection
    chunks: Sequence[int]
    """Numbers of those that are not acknowledged yet."""


def begin(session: Session, tenant_id: UUID, plan_id: UUID, job_id: UUID, *, confirmed: bool) -> Sync:
    """Take a plan for a job, or go on with it.

    Raises `PlanMissing`, `PlanOver`, `PlanBusy` while another job applies it, `RemovalUnconfirmed`.
    """
    plan = audiences.find_plan(session, tenant_id, plan_id, lock=True)
    if plan.state == "superseded":
        raise PlanOver(f"plan {plan_id} was superseded")
    if plan.needs_confirmation and plan.state == "planned" and not confirmed:
        remove, of = plan.counts["remove"], plan.counts["acknowledged"]
        raise RemovalUnconfirmed(f"{remove} of {of} members would be removed, more than {MOST_REMOVED:.0%}")
    if plan.state == "applying" and plan.job_id != job_id:
        state = session.scalar(select(Job.state).where(Job.tenant_id == tenant_id, Job.id == plan.job_id))
        if state is not None and state not in FINAL:
            raise PlanBusy(f"job {plan.job_id} applies plan {plan_id}")
    row = audiences.find(session, tenant_id, str(plan.audience_id))
    if row.connection_id is None:
        raise AudienceGoesNowhere
    if plan.state == "planned":
        plan.state = "applying"
        audiences.let_go(session, row, "The plan is applied.")
    plan.job_id = job_id
    waiting = select(ChunkRow.number).where(ChunkRow.plan_id == plan_id, ChunkRow.state != "acknowledged")
    connection = connections.opened(session, connections.find(session, tenant_id, str(row.connection_id)))
    session.flush()
    return Sync(plan_id, row.id, row.name, connection, session.scalars(waiting.order_by(ChunkRow.number)).all())


def reach_audience(transact: Transact, tenant_id: UUID, sync: Sync, ads: AdPlatform) -> str:
    """Return the platform's id of an audience, which is made there unless one bears its reference already.

    Of several, left by time-outs, the oldest counts and the others go.
    """
    with transact() as session:
        known = audiences.find(session, tenant_id, str(sync.audience_id)).platform_id
    if known is not None:
        return known
    reference = f"audience/{sync.audience_id}"
    found = list(ads.find_audiences(reference)) or [ads.create_audience(reference, sync.name)]
    for extra in found[1:]:
        ads.delete_audience(extra)
    with transact() as session:
        audiences.find(session, tenant_id, str(sync.audience_id), lock=True).platform_id = found[0]
    return found[0]


def send(
    transact: Transact, tenant_id: UUID, sync: Sync, number: int, ads: AdPlatform, platform_id: str
) -> Receipt | None:
    """Bring one chunk to the platform, unless it has it; None where nothing was left to send.

    Raises what the platform raises; then the chunk stays `sending`, and sending it again is safe.
    """
    reference = f"{sync.plan_id}/{number}"
    with transact() as session:
        chunk = session.get_one(ChunkRow, (sync.plan_id, number))
        operation, begun = chunk.operation, chunk.state == "sending"
    receipt = ads.find_batch(platform_id, reference) if begun else None
    if receipt is None:
        with transact() as session:
            keys = _settle(session, tenant_id, sync, number)
        if keys:
            carry = ads.add_members if operation == "add" else ads.remove_members
            receipt = carry(platform_id, reference, keys)
    with transact() as session:
        _acknowledge(session, sync, number, receipt)
    return receipt


def finish(session: Session, tenant_id: UUID, sync: Sync, now: datetime) -> dict[str, int]:
    """Note that a plan is applied, and count what became of its rows."""
    plan = audiences.find_plan(session, tenant_id, sync.plan_id, lock=True)
    plan.state, plan.applied_at = "applied", plan.applied_at or now
    told = {"added": 0, "removed": 0, "suppressed": 0, "refused": 0}
    for chunk in session.scalars(select(ChunkRow).where(ChunkRow.plan_id == sync.plan_id)):
        told["suppressed"] += chunk.suppressed
        told["refused"] += chunk.refused
        told["added" if chunk.operation == "add" else "removed"] += chunk.rows - chunk.suppressed - chunk.refused
    return told


def _settle(session: Session, tenant_id: UUID, sync: Sync, number: int) -> list[str]:
    """Take out who must not be sent any more, mark the chunk as `sending`, and return its keys in their order."""
    chunk = session.get_one(ChunkRow, (sync.plan_id, number), with_for_update=True)
    mine = (PlannedRow.plan_id == sync.plan_id, PlannedRow.number == number)
    if chunk.operation == "add":
        row = audiences.find(session, tenant_id, str(sync.audience_id))
        agreed = granted(tenant_id, row.purpose, row.channel).subquery()
        allowed = (
            select(literal(1))
            .select_from(IdentifierRow)
            .join(agreed, agreed.c.person == IdentifierRow.profile_id)
            .where(IdentifierRow.id == PlannedRow.identifier_id, IdentifierRow.blocked.is_(False))
        )
        session.execute(delete(PlannedRow).where(*mine, ~allowed.exists()))
    keys = list(session.scalars(select(PlannedRow.key).where(*mine).order_by(PlannedRow.key)))
    chunk.state, chunk.suppressed = "sending", chunk.rows - len(keys)
    return keys


def _acknowledge(session: Session, sync: Sync, number: int, receipt: Receipt | None) -> None:
    """Keep what the platform has acknowledged; rows that it refused are planned again next time."""
    chunk = session.get_one(ChunkRow, (sync.plan_id, number), with_for_update=True)
    if chunk.state == "acknowledged":
        return
    mine = (PlannedRow.plan_id == sync.plan_id, PlannedRow.number == number)
    keys = list(session.scalars(select(PlannedRow.key).where(*mine).order_by(PlannedRow.key)))
    refused = [keys[place] for place in receipt.refused] if receipt is not None else []
    taken = (*mine, PlannedRow.key.not_in(refused))
    if chunk.operation == "add":
        told = select(
            literal(sync.audience_id),
            PlannedRow.key,
            PlannedRow.tenant_id,
            PlannedRow.identifier_id,
            func.now(),
        ).where(*taken)
        names = ["audience_id", "key", "tenant_id", "identifier_id", "at"]
        session.execute(insert(AcknowledgedRow).from_select(names, told).on_conflict_do_nothing())
    else:
        those = select(PlannedRow.key).where(*taken)
        mine_there = AcknowledgedRow.audience_id == sync.audience_id
        session.execute(delete(AcknowledgedRow).where(mine_there, AcknowledgedRow.key.in_(those)))
    session.execute(delete(PlannedRow).where(*mine))
    values = {"state": "acknowledged", "refused": len(refused), "acknowledged_at": func.now()}
    session.execute(update(ChunkRow).where(ChunkRow.plan_id == sync.plan_id, ChunkRow.number == number).values(values))
