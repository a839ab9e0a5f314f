"""Memories: what a workload has learned of a domain, version after version, each made from the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Row, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.platform.domains.models import Domain, DomainMemory

LARGEST_BYTES = 32 << 20
_TABLE = DomainMemory.__table__


class MemoryMissing(Missing):
    """Nothing was learned of the domain under this name."""

    code = "memory_missing"


class MemoryMoved(Conflict):
    """Somebody else has learned meanwhile: what was made from the version before no longer holds."""

    code = "memory_moved"


@dataclass(frozen=True, slots=True)
class Memory:
    """What was learned so far."""

    version: int = 0
    """0: nothing yet."""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is to take a memory's place."""

    domain_id: UUID
    name: str
    before: Memory
    content: bytes
    told: Mapping[str, Any]


def recall(session: Session, tenant_id: UUID, domain_id: UUID, name: str) -> Memory:
    """Return what was learned of a domain under a name."""
    query = select(_TABLE.c.version, _TABLE.c.content).where(_is(tenant_id, domain_id), _TABLE.c.name == name)
    row = session.execute(query).one_or_none()
    return Memory() if row is None else Memory(row.version, bytes(row.content))


def remember(session: Session, tenant_id: UUID, learned: Learned) -> None:
    """Put what was learned in the place of the version that it was made from; raises `MemoryMoved`."""
    values = {"content": learned.content, "told": learned.told}
    if learned.before.version:
        same = _is(tenant_id, learned.domain_id) & (_TABLE.c.name == learned.name)
        write = update(DomainMemory).where(same, _TABLE.c.version == learned.before.version)
        write = write.values(version=learned.before.version + 1, updated_at=func.clock_timestamp(), **values)
        written = session.execute(write.returning(_TABLE.c.version)).one_or_none()
    else:
        written = session.execute(_begin(tenant_id, learned)).one_or_none()
    if written is None:
        raise MemoryMoved(f"{learned.name} of the domain {learned.domain_id} has moved on")


def list_memories(session: Session, tenant_id: UUID, domain_id: UUID) -> Sequence[Row[Any]]:
    """Return all that was learned of a domain, by name, with the contents' sizes in their place."""
    columns = [column for column in _TABLE.c if column.name != "content"]
    columns.append(func.octet_length(_TABLE.c.content).label("bytes"))
    return session.execute(select(*columns).where(_is(tenant_id, domain_id)).order_by(_TABLE.c.name)).all()


def forget_memory(session: Session, tenant_id: UUID, domain_id: UUID, name: str) -> None:
    """Forget what was learned under a name, so that learning begins anew; raises `MemoryMissing`."""
    gone = delete(DomainMemory).where(_is(tenant_id, domain_id), _TABLE.c.name == name)
    if session.execute(gone.returning(_TABLE.c.name)).one_or_none() is None:
        raise MemoryMissing(f"nothing was learned under {name!r}")


def _is(tenant_id: UUID, domain_id: UUID) -> Any:
    return (_TABLE.c.domain_id == domain_id) & (_TABLE.c.tenant_id == tenant_id)


def _begin(tenant_id: UUID, learned: Learned) -> Any:
    """Write the first version; it is the time, so that no version of a forgotten memory ever comes again."""
    version = cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    content, told = literal(learned.content, LargeBinary), literal(dict(learned.told), JSONB)
    new = select(Domain.id, Domain.tenant_id, literal(learned.name), version, content, told)
    new = new.where(Domain.id == learned.domain_id, Domain.tenant_id == tenant_id)
    columns = ["domain_id", "tenant_id", "name", "version", "content", "told"]
    return insert(DomainMemory).from_select(columns, new).on_conflict_do_nothing().returning(_TABLE.c.version)
