"""Verification: whether a trail is as it was written, and if not, where the first entry is that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, cast, func, select
from sqlalchemy.orm import Session

from core.platform.audit.chain import ends_of, hash_of, signature_of
from core.platform.audit.models import AuditEntry, AuditHead
from core.platform.sealing.keys import keyring_of

PAGE = 5_000
"""How many entries are looked at by one call: it takes about a fifth of a second."""
CHAINED_WITHIN = timedelta(minutes=10)
"""An entry that is older and not chained was put there by somebody else, or nobody chains any more."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing that is not as it was written."""

    seq: int | None
    """Its place in the chain; null when it has none."""
    entry_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How far a chain was looked at, and what was found there."""

    checked: int
    seq: int
    hash: str
    complete: bool
    """Whether the end of the chain was reached."""
    unchained: int
    """How many entries wait to be chained."""
    flaw: Flaw | None = None


def verify(
    session: Session,
    tenant_id: UUID,
    *,
    after_seq: int | None = None,
    after_hash: str = "",
    limit: int = PAGE,
) -> Verified:
    """Look at the next entries of a tenant's chain, beginning behind those that an earlier call has looked at."""
    head = session.execute(select(AuditHead.__table__).where(AuditHead.tenant_id == tenant_id)).one_or_none()
    fresh = _unchained(session, tenant_id)
    if head is None:
        return _without_head(session, tenant_id, fresh.count)
    if flaw := _flaw_in_head(session, head):
        return Verified(0, head.base_seq, head.base_hash, complete=True, unchained=fresh.count, flaw=flaw)
    first = after_seq is None
    seq, latest = (head.base_seq, head.base_hash) if first else (after_seq, after_hash)
    assert seq is not None
    rows = _page(session, tenant_id, None if first else seq, limit)
    for checked, row in enumerate(rows):
        flaw = _flaw_in(row, seq, latest, head)
        if flaw is not None:
            return Verified(checked, seq, latest, complete=True, unchained=fresh.count, flaw=flaw)
        seq, latest = row.seq, row.hash
    complete = len(rows) < limit
    flaw = _flaw_at_end(head, seq, latest, fresh) if complete else None
    return Verified(len(rows), seq, latest, complete, fresh.count, flaw)


def _page(session: Session, tenant_id: UUID, after_seq: int | None, limit: int) -> Sequence[Row[Any]]:
    table = AuditEntry.__table__
    query = select(table).where(table.c.tenant_id == tenant_id, table.c.seq.is_not(None))
    if after_seq is not None:
        query = query.where(table.c.seq > after_seq)
    return session.execute(query.order_by(table.c.seq).limit(limit)).all()


def _flaw_in(row: Row[Any], before: int, latest: str, head: Any) -> Flaw | None:
    if row.seq <= head.base_seq:
        return Flaw(row.seq, row.id, f"it lies before {head.base_seq + 1}, where the chain begins")
    if row.seq != before + 1:
        gone = "entry" if row.seq == before + 2 else f"{row.seq - before - 1} entries"
        return Flaw(before + 1, None, f"{gone} before {row.seq} missing: deleted")
    if row.hash != hash_of(latest, dict(row._mapping)):  # noqa: SLF001 - the documented way to columns by name
        return Flaw(row.seq, row.id, "its hash does not fit: changed, inserted or moved")
    if row.seq > head.seq:
        return Flaw(row.seq, row.id, f"it lies behind {head.seq}, where the chain was signed to end: inserted")
    return None


def _flaw_at_end(head: Any, seq: int, latest: str, fresh: Row[Any]) -> Flaw | None:
    if seq < head.seq:
        return Flaw(seq + 1, None, f"the chain was signed to end at {head.seq} and ends at {seq}: its end was cut off")
    if latest != head.hash:
        return Flaw(seq, None, "the end of the chain is not the one that was signed")
    if fresh.overdue is not None:
        return Flaw(
            None, UUID(fresh.overdue), f"it was not chained within {CHAINED_WITHIN}: inserted, or nobody chains"
        )
    return None


def _flaw_in_head(session: Session, head: Any) -> Flaw | None:
    name = head.signature.rpartition(":")[0]
    expected = signature_of(keyring_of(session), ends_of(head), name) if name else None
    if head.seq == 0 and not head.signature:
        return None
    if expected is None:
        return Flaw(None, None, f"the chain's ends were signed with the master key {name!r}, which is not at hand")
    if expected != head.signature:
        return Flaw(None, None, "the signature of the chain's ends does not fit: they were changed")
    return None


def _without_head(session: Session, tenant_id: UUID, unchained: int) -> Verified:
    chained = session.execute(
        select(AuditEntry.seq, AuditEntry.id)
        .where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq.is_not(None))
        .order_by(AuditEntry.seq)
        .limit(1)
    ).one_or_none()
    flaw = None if chained is None else Flaw(chained.seq, chained.id, "the signed ends of the chain are gone")
    return Verified(0, 0, "", complete=True, unchained=unchained, flaw=flaw)


def _unchained(session: Session, tenant_id: UUID) -> Any:
    overdue = AuditEntry.at < func.clock_timestamp() - CHAINED_WITHIN
    return session.execute(
        select(
            func.count().label("count"),
            func.min(cast(AuditEntry.id, Text)).filter(overdue).label("overdue"),
        ).where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq.is_(None))
    ).one()
