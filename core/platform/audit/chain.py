"""Chaining: entries get their places and hashes in batches, apart from the requests, which never wait for each other.

    hash of an entry = SHA-256(hash of the entry before, newline, canonical JSON of the entry with its place)

The end of the chain is signed with a key derived from the master key, so that whoever has only the database can neither
rewrite the chain nor cut off its end; and it is told in the log (`audit.anchored`), so that putting back the whole
database of an earlier day can be noticed, too.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.canonical import canonical_json
from core.clock import rfc3339
from core.crypto import Keyring, digest
from core.database import Database
from core.platform.audit.models import AuditEntry, AuditHead
from core.platform.sealing.keys import keyring_of

BATCH = 1_000
SIGNING = "audit heads"
_CONTENT = tuple(name for name in AuditEntry.__table__.c.keys() if name != "hash")  # noqa: SIM118 - the names

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a chain: what retention took away, and the latest entry."""

    tenant_id: UUID
    base_seq: int = 0
    base_hash: str = ""
    seq: int = 0
    hash: str = ""

    @property
    def told(self) -> bytes:
        """Write them as what is signed."""
        return f"{self.tenant_id}|{self.base_seq}|{self.base_hash}|{self.seq}|{self.hash}".encode()


def chain_all(database: Database) -> int:
    """Chain everything that is not chained yet; return how many entries that was."""
    with database.statements() as session:
        owing = session.scalars(select(AuditEntry.tenant_id).where(AuditEntry.seq.is_(None)).distinct()).all()
    chained = 0
    for tenant_id in owing:
        batch = BATCH
        while batch == BATCH:
            with database.transaction() as session:
                batch = chain_batch(session, tenant_id)
            chained += batch
    return chained


def chain_batch(session: Session, tenant_id: UUID, *, limit: int = BATCH) -> int:
    """Chain a tenant's next entries; return how many there were. Whoever else chains the same waits for us."""
    ends = lock_ends(session, tenant_id)
    fresh = select(AuditEntry.__table__).where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq.is_(None))
    rows = session.execute(fresh.order_by(AuditEntry.id).limit(limit)).all()
    if not rows:
        return 0
    links, ends = _linked(rows, ends)
    session.execute(_LINK, links)
    sign(session, ends)
    log.info("audit.anchored", tenant_id=str(tenant_id), seq=ends.seq, hash=ends.hash)
    return len(rows)


def lock_ends(session: Session, tenant_id: UUID) -> Ends:
    """Return both ends of a tenant's chain, which nobody else moves meanwhile."""
    session.execute(insert(AuditHead).values(tenant_id=tenant_id).on_conflict_do_nothing())
    head = session.execute(select(AuditHead.__table__).where(AuditHead.tenant_id == tenant_id).with_for_update()).one()
    return ends_of(head)


def ends_of(head: Any) -> Ends:
    """Read both ends from their row."""
    return Ends(head.tenant_id, head.base_seq, head.base_hash, head.seq, head.hash)


def sign(session: Session, ends: Ends) -> None:
    """Write down where a chain begins and ends by now, signed."""
    values = {"base_seq": ends.base_seq, "base_hash": ends.base_hash, "seq": ends.seq, "hash": ends.hash}
    signature = signature_of(keyring_of(session), ends)
    moved = update(AuditHead).where(AuditHead.tenant_id == ends.tenant_id)
    session.execute(moved.values(**values, signature=signature, signed_at=func.now()))


def signature_of(keyring: Keyring, ends: Ends, master_key: str | None = None) -> str | None:
    """Sign both ends with the current master key or a named one; None when this process does not have that."""
    name = master_key or keyring.current
    key = keyring.signing_key(SIGNING).get(name)
    return None if key is None else f"{name}:{digest(key, ends.told)}"


def hash_of(before: str, entry: Mapping[str, Any]) -> str:
    """Hash an entry, its place included, behind the hash of the one before."""
    content = {name: _plain(entry[name]) for name in _CONTENT}
    return hashlib.sha256(f"{before}\n{canonical_json(content)}".encode()).hexdigest()


def _linked(rows: Sequence[Row[Any]], ends: Ends) -> tuple[list[dict[str, Any]], Ends]:
    links, seq, latest = [], ends.seq, ends.hash
    for row in rows:
        seq += 1
        latest = hash_of(latest, {**row._mapping, "seq": seq})  # noqa: SLF001 - the documented way to columns by name
        links.append({"entry": row.id, "place": seq, "digest": latest})
    return links, Ends(ends.tenant_id, ends.base_seq, ends.base_hash, seq, latest)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return rfc3339(value) if hasattr(value, "isoformat") else value


_LINK = text("UPDATE audit_entries SET seq = :place, hash = :digest WHERE id = :entry")
