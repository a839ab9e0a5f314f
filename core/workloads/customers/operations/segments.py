"""Segments: made, found, changed, removed; who belongs to them, and who did."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Missing
from core.ids import uuid7
from core.naming import referred_to
from core.workloads.customers.operations.audience_models import AudienceRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.operations.segment_models import MembershipRow, RefreshRow, SegmentRow
from core.workloads.customers.segments.reading import SegmentInvalid, read_definition
from core.workloads.customers.segments.tree import Clause, InSegment, clauses, segments_named

MOST = 500
"""How many segments a tenant may have."""


class SegmentMissing(Missing):
    """There is no such segment."""

    code = "segment_missing"


class SegmentNameTaken(Conflict):
    """Another segment of the tenant has this name."""

    code = "segment_name_taken"


class SegmentsTooMany(Conflict):
    """The tenant has as many segments as may be."""

    code = "segments_too_many"


class SegmentInUse(Conflict):
    """Another segment or an audience is made of this one."""

    code = "segment_in_use"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any], made: UUID | None = None) -> SegmentRow:
    """Make a segment; raises `SegmentInvalid`, `SegmentNameTaken`, `SegmentsTooMany`. Nobody belongs to it yet."""
    _lock(session, tenant_id)
    check(session, tenant_id, asked["definition"], asked["name"])
    if (session.scalar(select(func.count()).where(SegmentRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise SegmentsTooMany(f"{MOST} segments are allowed")
    row = {"id": made or uuid7(), "tenant_id": tenant_id, **asked}
    kept = session.scalar(insert(SegmentRow).values(row).on_conflict_do_nothing().returning(SegmentRow.id))
    if kept is None:
        raise SegmentNameTaken(f"there is a segment {asked['name']!r}")
    return session.get_one(SegmentRow, kept)


def find(session: Session, tenant_id: UUID, reference: str, *, lock: bool = False) -> SegmentRow:
    """Return a segment by id or name; raises `SegmentMissing`."""
    row = session.scalar(referred_to(SegmentRow, tenant_id, reference, lock=lock))
    if row is None:
        raise SegmentMissing(f"there is no segment {reference!r}")
    return row


def list_segments(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[SegmentRow]:
    """Return segments, newest first, beginning behind one."""
    return session.scalars(newest(SegmentRow, tenant_id, limit=limit, after=after)).all()


def change(session: Session, tenant_id: UUID, reference: str, changes: Mapping[str, Any]) -> SegmentRow:
    """Change some checked fields; a new definition holds from the next refresh on. Raises `SegmentInvalid`."""
    _lock(session, tenant_id)
    row = find(session, tenant_id, reference, lock=True)
    if "definition" in changes:
        check(session, tenant_id, changes["definition"], row.name)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return row


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget a segment with its members and its history; raises `SegmentInUse`."""
    _lock(session, tenant_id)
    row = find(session, tenant_id, reference, lock=True)
    users = [name for name, named in _all_named(session, tenant_id).items() if row.name in named and name != row.name]
    using = select(AudienceRow.name).where(AudienceRow.tenant_id == tenant_id, AudienceRow.segment_id == row.id)
    users += [f"audience {name}" for name in session.scalars(using)]
    if users:
        raise SegmentInUse(f"{row.name!r} is part of {', '.join(sorted(users))}")
    session.execute(delete(SegmentRow).where(SegmentRow.id == row.id))


def check(session: Session, tenant_id: UUID, definition: Any, name: str | None = None) -> Clause:
    """Read a definition of the segment of a name; each segment it is made of has to exist, and no ring be closed.

    Raises `SegmentInvalid`, which names each flaw by its place.
    """
    tree = read_definition(definition)
    below = _all_named(session, tenant_id)
    flaws = []
    for one in clauses(tree):
        if isinstance(one, InSegment):
            place = f"{one.place}/in_segment"
            if one.name == name or (name is not None and name in _reached(one.name, below)):
                flaws.append(FieldError(place, f"closes a ring: {one.name} is made of {name} itself"))
            elif one.name not in below:
                flaws.append(FieldError(place, f"there is no segment {one.name!r}"))
    if flaws:
        raise SegmentInvalid(errors=flaws)
    return tree


def ids_of(session: Session, tenant_id: UUID, names: Collection[str]) -> dict[str, UUID]:
    """Return the ids of segments by their names."""
    query = select(SegmentRow.name, SegmentRow.id).where(SegmentRow.tenant_id == tenant_id, SegmentRow.name.in_(names))
    return {row.name: row.id for row in session.execute(query)}


def in_order(session: Session, tenant_id: UUID, due: Collection[str]) -> list[str]:
    """Order names so that each segment comes after those that it is made of."""
    below = _all_named(session, tenant_id)
    ordered: dict[str, None] = {}

    def take(name: str) -> None:
        for one in sorted(below.get(name, ())):
            if one not in ordered:
                take(one)
        ordered[name] = None

    for name in sorted(due):
        take(name)
    return [name for name in ordered if name in set(due)]


def list_members(
    session: Session, row: SegmentRow, *, limit: int, after: int = 0, present: bool = True
) -> Sequence[MembershipRow]:
    """Return who belongs, by number; or, newest first, who has left."""
    query = select(MembershipRow).where(MembershipRow.segment_id == row.id)
    if present:
        query = query.where(MembershipRow.left_at.is_(None), MembershipRow.profile_id > after)
        return session.scalars(query.order_by(MembershipRow.profile_id).limit(limit)).all()
    query = query.where(MembershipRow.left_at.is_not(None))
    return session.scalars(query.order_by(MembershipRow.left_at.desc(), MembershipRow.profile_id).limit(limit)).all()


def list_refreshes(
    session: Session, row: SegmentRow, *, limit: int, before: datetime | None = None
) -> Sequence[RefreshRow]:
    """Return what refreshes found, newest first, beginning before one."""
    query = select(RefreshRow).where(RefreshRow.segment_id == row.id).order_by(RefreshRow.at.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(RefreshRow.at < before)).all()


def memberships_of(session: Session, tenant_id: UUID, profile_id: int) -> list[dict[str, Any]]:
    """Return to which segments a person belongs or belonged, the latest first."""
    query = (
        select(SegmentRow.name, MembershipRow.joined_at, MembershipRow.left_at)
        .join(MembershipRow, MembershipRow.segment_id == SegmentRow.id)
        .where(MembershipRow.tenant_id == tenant_id, MembershipRow.profile_id == profile_id)
        .order_by(MembershipRow.joined_at.desc(), SegmentRow.name)
    )
    return [{"segment": row.name, "joined_at": row.joined_at, "left_at": row.left_at} for row in session.execute(query)]


def _all_named(session: Session, tenant_id: UUID) -> dict[str, set[str]]:
    """Return of which segments each of them is made."""
    query = select(SegmentRow.name, SegmentRow.definition).where(SegmentRow.tenant_id == tenant_id)
    return {row.name: segments_named(read_definition(row.definition)) for row in session.execute(query)}


def _reached(name: str, below: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in below.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _lock(session: Session, tenant_id: UUID) -> None:
    """Have others who change what segments are made of wait, so that no two changes close a ring together."""
    key = func.hashtextextended(f"customers/segments/{tenant_id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
