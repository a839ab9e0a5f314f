"""The ledger of identity: merges and refusals listed, merges undone, values blocked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import resolving, sources
from core.workloads.customers.operations.models import IdentifierRow, MergeRow, SeparationRow
from core.workloads.customers.operations.newest import newest
from core.workloads.customers.operations.people import find_identifier, keep_identifier

OUTCOMES = ("merged", "limit", "separated", "undone")


class MergeMissing(Missing):
    """There is no such merge."""

    code = "merge_missing"


class MergeNotUndoable(Conflict):
    """Only what was merged can be undone."""

    code = "merge_not_undoable"


def list_merges(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, outcome: str | None = None
) -> Sequence[MergeRow]:
    """Return the ledger, newest first, beginning behind one."""
    return session.scalars(newest(MergeRow, tenant_id, limit=limit, after=after, outcome=outcome)).all()


def undo(session: Session, tenant_id: UUID, merge_id: UUID, by: str) -> MergeRow:
    """Part two persons again and for good: everything they were seen in is resolved as if they were strangers."""
    sources.lock_people(session, tenant_id)
    row = session.get(MergeRow, merge_id)
    if row is None or row.tenant_id != tenant_id:
        raise MergeMissing(f"there is no merge {merge_id}")
    if row.outcome != "merged":
        raise MergeNotUndoable(f"this one is {row.outcome}")
    row.outcome, row.decided_by = "undone", by
    pair = {"tenant_id": tenant_id, "one": row.survivor, "other": row.absorbed, "merge_id": merge_id}
    session.execute(insert(SeparationRow).values(pair).on_conflict_do_nothing())
    session.flush()
    seen = session.scalars(_SEEN_WITH, {"tenant_id": tenant_id, "ids": [row.survivor, row.absorbed]}).all()
    resolving.resolve_touched(session, tenant_id, seen)
    return row


def block(session: Session, tenant_id: UUID, contact: Contact) -> IdentifierRow:
    """Have an identifier unite nobody any more; who was united by it alone is parted."""
    sources.lock_people(session, tenant_id)
    row = keep_identifier(session, tenant_id, contact)
    row.blocked = True
    session.flush()
    _resolve_around(session, tenant_id, row)
    return row


def unblock(session: Session, tenant_id: UUID, contact: Contact) -> IdentifierRow:
    """Take a block back."""
    sources.lock_people(session, tenant_id)
    row = find_identifier(session, tenant_id, contact)
    if row is None or not row.blocked:
        raise MergeMissing(f"this {contact.type} is not blocked")
    row.blocked = False
    session.flush()
    _resolve_around(session, tenant_id, row)
    return row


def list_blocked(session: Session, tenant_id: UUID) -> Sequence[IdentifierRow]:
    """Return the identifiers that unite nobody by the tenant's word."""
    query = select(IdentifierRow).where(IdentifierRow.tenant_id == tenant_id, IdentifierRow.blocked)
    return session.scalars(query.order_by(IdentifierRow.id).limit(1_000)).all()


def _resolve_around(session: Session, tenant_id: UUID, row: IdentifierRow) -> None:
    session.execute(_DIRTY, {"tenant_id": tenant_id, "id": row.id})
    seen = session.scalars(_SEEN_WITH, {"tenant_id": tenant_id, "ids": [row.id]}).all()
    resolving.resolve_touched(session, tenant_id, seen)
    session.refresh(row)


_SEEN_WITH = text(
    """
SELECT DISTINCT sighting_id FROM customer_sighting_links
WHERE tenant_id = :tenant_id AND identifier_id = ANY(:ids) ORDER BY sighting_id
"""
)
_DIRTY = text(
    """
UPDATE customer_sightings SET dirty = true
WHERE tenant_id = :tenant_id AND id IN (
  SELECT sighting_id FROM customer_sighting_links WHERE tenant_id = :tenant_id AND identifier_id = :id)
"""
)
