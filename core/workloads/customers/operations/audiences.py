"""Audiences: made, found, listed, removed; their plans and chunks read."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.naming import referred_to
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.workloads.customers.operations import connections, segments
from core.workloads.customers.operations.audience_models import AcknowledgedRow, AudienceRow, ChunkRow, PlanRow
from core.workloads.customers.operations.models import IdentifierRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.operations.trusting import SOURCE
from core.workloads.customers.vendors import VENDORS

MOST = 200
"""How many audiences a tenant may have."""
FIELDS = ("email", "phone")
ADS = "ads"


class AudienceMissing(Missing):
    """There is no such audience."""

    code = "audience_missing"


class AudienceNameTaken(Conflict):
    """Another audience of the tenant has this name."""

    code = "audience_name_taken"


class AudiencesTooMany(Conflict):
    """The tenant has as many audiences as may be."""

    code = "audiences_too_many"


class AudienceInUse(Conflict):
    """The platform still has members of the audience."""

    code = "audience_in_use"


class FieldUnfit(Invalid):
    """The vendor matches nobody by this field."""

    code = "audience_field_unfit"


class PlanMissing(Missing):
    """There is no such plan."""

    code = "audience_plan_missing"


class PlanBusy(Conflict):
    """A plan of the audience is being applied."""

    code = "audience_plan_busy"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any], made: UUID | None = None) -> AudienceRow:
    """Make an audience: `name`, `segment`, `connection`, `vendor`, `field`, `purpose`, `channel`, `sync_every_s`.

    Raises `AudienceNameTaken`, `AudiencesTooMany`, `FieldUnfit`, and what is raised where segment or connection are
    not there. Nothing is sent yet.
    """
    if (session.scalar(select(func.count()).where(AudienceRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise AudiencesTooMany(f"{MOST} audiences are allowed")
    if asked["field"] == "phone" and VENDORS[asked["vendor"]].phone is None:
        why = f"{asked['vendor']} matches nobody by phone"
        raise FieldUnfit(why, errors=[FieldError("/field", why)])
    given = dict(asked)
    segment, connection = given.pop("segment"), given.pop("connection", None)
    row = {"id": made or uuid7(), "tenant_id": tenant_id, **given}
    row["segment_id"] = segments.find(session, tenant_id, segment).id
    if connection is not None:
        row["connection_id"] = connections.find_of_sort(session, tenant_id, connection, ADS).id
    kept = session.scalar(insert(AudienceRow).values(row).on_conflict_do_nothing().returning(AudienceRow.id))
    if kept is None:
        raise AudienceNameTaken(f"there is an audience {asked['name']!r}")
    return session.get_one(AudienceRow, kept)


def find(session: Session, tenant_id: UUID, reference: str, *, lock: bool = False) -> AudienceRow:
    """Return an audience by id or name; raises `AudienceMissing`."""
    row = session.scalar(referred_to(AudienceRow, tenant_id, reference, lock=lock))
    if row is None:
        raise AudienceMissing(f"there is no audience {reference!r}")
    return row


def list_audiences(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None
) -> Sequence[AudienceRow]:
    """Return audiences, newest first, beginning behind one."""
    return session.scalars(newest(AudienceRow, tenant_id, limit=limit, after=after)).all()


def change(session: Session, tenant_id: UUID, reference: str, changes: Mapping[str, Any]) -> AudienceRow:
    """Change how often it is synced."""
    row = find(session, tenant_id, reference, lock=True)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return row


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget an audience that no platform has members of; raises `AudienceInUse`."""
    row = find(session, tenant_id, reference, lock=True)
    if row.connection_id is not None and count_acknowledged(session, row):
        raise AudienceInUse("empty its segment and sync it, so that the platform forgets its members, too")
    let_go(session, row, "The audience was removed.")
    session.execute(delete(AudienceRow).where(AudienceRow.id == row.id))


def count_acknowledged(session: Session, row: AudienceRow) -> int:
    """Count the members that the platform has acknowledged."""
    return session.scalar(select(func.count()).where(AcknowledgedRow.audience_id == row.id)) or 0


def tell_held(session: Session, row: AudienceRow, plan: PlanRow) -> None:
    """Raise an alert where an audience that is synced by itself waits for somebody's word, for else nobody sees it."""
    if row.sync_every_s is None or not plan.needs_confirmation:
        let_go(session, row, "Its latest plan needs nobody's word.")
        return
    removed, of = plan.counts["remove"], plan.counts["acknowledged"]
    text = f"The audience {row.name} is not synced: {removed} of {of} members would be removed, and nobody confirmed it"
    data = {"audience": str(row.id), "plan": str(plan.id), "remove": removed, "acknowledged": of}
    raise_alert(session, row.tenant_id, SOURCE, _held(row), "warning", text, data)


def let_go(session: Session, row: AudienceRow, text: str) -> None:
    """Have the alert about an audience end, if there is one."""
    resolve_alert(session, row.tenant_id, SOURCE, _held(row), text=text)


def _held(row: AudienceRow) -> str:
    return f"audience/{row.id}"


def find_plan(session: Session, tenant_id: UUID, plan_id: UUID, *, lock: bool = False) -> PlanRow:
    """Return a plan; raises `PlanMissing`."""
    query = select(PlanRow).where(PlanRow.tenant_id == tenant_id, PlanRow.id == plan_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise PlanMissing(f"there is no plan {plan_id}")
    return row


def list_plans(session: Session, row: AudienceRow, *, limit: int, after: UUID | None = None) -> Sequence[PlanRow]:
    """Return plans, newest first, beginning behind one."""
    query = select(PlanRow).where(PlanRow.audience_id == row.id).order_by(PlanRow.id.desc()).limit(limit)
    return session.scalars(query if after is None else query.where(PlanRow.id < after)).all()


def list_chunks(session: Session, row: PlanRow, *, limit: int, after: int = -1) -> Sequence[ChunkRow]:
    """Return the chunks of a plan by number: the ledger of what was sent."""
    query = select(ChunkRow).where(ChunkRow.plan_id == row.id, ChunkRow.number > after)
    return session.scalars(query.order_by(ChunkRow.number).limit(limit)).all()


def names_of(session: Session, tenant_id: UUID, profile_id: int) -> list[str]:
    """Return the names of the audiences in which a platform has a person."""
    query = (
        select(AudienceRow.name)
        .join(AcknowledgedRow, AcknowledgedRow.audience_id == AudienceRow.id)
        .join(IdentifierRow, IdentifierRow.id == AcknowledgedRow.identifier_id)
        .where(AudienceRow.tenant_id == tenant_id, IdentifierRow.profile_id == profile_id)
    )
    return sorted(set(session.scalars(query)))
