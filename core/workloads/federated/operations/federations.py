"""Federations, their members and the versions of their models."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.naming import referred_to
from core.workloads.federated.operations import holding as kept
from core.workloads.federated.operations.models import FederationRow, MemberRow, ModelRow, UpdateRow

MOST = 1_000
"""How many federations a tenant may have."""
MOST_MEMBERS = 10_000
KEPT_VERSIONS = 100
"""Of a model, the newest."""


class FederationMissing(Missing):
    """There is no such federation."""

    code = "federation_missing"


class FederationNameTaken(Conflict):
    """Another federation of the tenant has this name."""

    code = "federation_name_taken"


class FederationsTooMany(Conflict):
    """The tenant has as many federations, or the federation as many members, as may be."""

    code = "federations_too_many"


class FederationMemberMissing(Missing):
    """The federation has no such member."""

    code = "federation_member_missing"


class ModelMissing(Missing):
    """The federation has no such version of a model."""

    code = "model_missing"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> FederationRow:
    """Make a federation of checked fields; raises `FederationNameTaken`."""
    if (session.scalar(select(func.count()).where(FederationRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise FederationsTooMany(f"{MOST} federations are allowed")
    row = {"id": uuid7(), "tenant_id": tenant_id, **asked}
    made = session.scalar(insert(FederationRow).values(row).on_conflict_do_nothing().returning(FederationRow.id))
    if made is None:
        raise FederationNameTaken(f"there is a federation {asked['name']!r}")
    return session.get_one(FederationRow, made)


def find(session: Session, tenant_id: UUID, reference: str, *, lock: bool = False) -> FederationRow:
    """Return a federation by id or name; raises `FederationMissing`."""
    row = session.scalar(referred_to(FederationRow, tenant_id, reference, lock=lock))
    if row is None:
        raise FederationMissing(f"there is no federation {reference!r}")
    return row


def list_federations(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None
) -> Sequence[FederationRow]:
    """Return federations, newest first, beginning behind `after`."""
    query = select(FederationRow).where(FederationRow.tenant_id == tenant_id).order_by(FederationRow.id.desc())
    return session.scalars((query if after is None else query.where(FederationRow.id < after)).limit(limit)).all()


def change(session: Session, tenant_id: UUID, reference: str, changes: Mapping[str, Any]) -> FederationRow:
    """Change some checked fields; they hold for the rounds that are aggregated from now on."""
    row = find(session, tenant_id, reference, lock=True)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return row


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget a federation with its rounds, updates and models."""
    row = find(session, tenant_id, reference, lock=True)
    versions = select(ModelRow.artifact_id, ModelRow.moments_id).where(ModelRow.federation_id == row.id)
    held: list[UUID] = [one for pair in session.execute(versions) for one in pair if one is not None]
    held += session.scalars(select(UpdateRow.artifact_id).where(UpdateRow.federation_id == row.id))
    held += _held(session.scalars(select(MemberRow.data).where(MemberRow.federation_id == row.id)))
    kept.let_go(session, tenant_id, held)
    session.execute(delete(FederationRow).where(FederationRow.id == row.id))


def list_members(session: Session, row: FederationRow, *, limit: int, after: str = "") -> Sequence[MemberRow]:
    """Return members by name, beginning behind `after`."""
    query = select(MemberRow).where(MemberRow.federation_id == row.id, MemberRow.name > after)
    return session.scalars(query.order_by(MemberRow.name).limit(limit)).all()


def join(session: Session, row: FederationRow, names: Sequence[str]) -> int:
    """Make some names members, and return how many are new; the federation is locked."""
    there = session.scalar(select(func.count()).where(MemberRow.federation_id == row.id)) or 0
    if there + len(names) > MOST_MEMBERS:
        raise FederationsTooMany(f"{MOST_MEMBERS} members are allowed")
    values = [{"federation_id": row.id, "name": name, "tenant_id": row.tenant_id} for name in sorted(set(names))]
    made = session.execute(insert(MemberRow).values(values).on_conflict_do_nothing().returning(MemberRow.name))
    return len(made.all())


def place(session: Session, row: FederationRow, name: str, data: Mapping[str, Any] | None) -> MemberRow:
    """Make a name a member that trains here on these data, or elsewhere for None; the federation is locked.

    Data that were uploaded become the federation's own. Raises `ArtifactUnknown`.
    """
    join(session, row, [name])
    member = session.get_one(MemberRow, (row.id, name))
    kept.let_go(session, row.tenant_id, _held([member.data]))
    if data is not None and "artifact" in data:
        data = {"artifact": str(kept.keep(session, row.tenant_id, UUID(str(data["artifact"])), "/data/artifact")[0])}
    member.data = None if data is None else dict(data)
    session.flush()
    return member


def leave(session: Session, row: FederationRow, name: str) -> None:
    """End a membership; what was sent stays. Raises `FederationMemberMissing`."""
    mine = delete(MemberRow).where(MemberRow.federation_id == row.id, MemberRow.name == name)
    gone = session.execute(mine.returning(MemberRow.name, MemberRow.data)).one_or_none()
    if gone is None:
        raise FederationMemberMissing(f"{row.name} has no member {name!r}")
    kept.let_go(session, row.tenant_id, _held([gone.data]))


def _held(many: Iterable[Mapping[str, Any] | None]) -> list[UUID]:
    """Return the artifacts among members' data."""
    return [UUID(data["artifact"]) for data in many if data is not None and "artifact" in data]


def list_models(session: Session, row: FederationRow, *, limit: int, before: int | None = None) -> Sequence[ModelRow]:
    """Return versions, newest first, beginning before one."""
    query = select(ModelRow).where(ModelRow.federation_id == row.id).order_by(ModelRow.version.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(ModelRow.version < before)).all()


def latest_model(session: Session, row: FederationRow) -> ModelRow | None:
    """Return the newest version, None while there is none."""
    return next(iter(list_models(session, row, limit=1)), None)


def read_model(session: Session, row: FederationRow, version: int) -> ModelRow:
    """Return a version; raises `ModelMissing`."""
    found = session.get(ModelRow, (row.id, version))
    if found is None:
        raise ModelMissing(f"{row.name} has no version {version}")
    return found


def publish_model(
    session: Session,
    row: FederationRow,
    artifact_id: UUID,
    *,
    moments_id: UUID | None = None,
    number: int | None = None,
) -> ModelRow:
    """Keep a model as the next version; the federation is locked. Raises `ArtifactUnknown`."""
    latest = latest_model(session, row)
    model, _ = kept.keep(session, row.tenant_id, artifact_id)
    made = ModelRow(
        federation_id=row.id,
        version=1 if latest is None else latest.version + 1,
        tenant_id=row.tenant_id,
        artifact_id=model,
        moments_id=None if moments_id is None else kept.keep(session, row.tenant_id, moments_id)[0],
        number=number,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    _forget_versions(session, row, made.version - KEPT_VERSIONS)
    return made


def _forget_versions(session: Session, row: FederationRow, last: int) -> None:
    old = delete(ModelRow).where(ModelRow.federation_id == row.id, ModelRow.version <= last)
    gone = session.execute(old.returning(ModelRow.artifact_id, ModelRow.moments_id)).all()
    kept.let_go(session, row.tenant_id, [one for pair in gone for one in pair if one is not None])
