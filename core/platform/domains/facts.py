"""What is known of a domain, found by its id or its name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Missing
from core.platform.domains.models import Domain


class DomainMissing(Missing):
    """There is no such domain."""

    code = "domain_missing"


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """A domain as computations see it."""

    id: UUID
    name: str
    variables: list[str]
    generator: Mapping[str, Any] | None
    window_size: int
    seed: int
    retention_windows: int
    next_index: int
    interval_s: float | None
    status: str
    created_at: datetime


def find_domains(session: Session, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, DomainFacts]:
    """Return those of many domains that there are, by id."""
    table = Domain.__table__
    columns = [table.c[name] for name in DomainFacts.__slots__]
    rows = session.execute(select(*columns).where(table.c.tenant_id == tenant_id, table.c.id.in_(ids)))
    return {row.id: DomainFacts(*row) for row in rows}


def find_domain(session: Session, tenant_id: UUID, reference: str) -> DomainFacts:
    """Return the domain of an id or a name; raises `DomainMissing`, for another tenant's, too."""
    table = Domain.__table__
    named = table.c.id == _id(reference) if _id(reference) else table.c.name == reference
    columns = [table.c[name] for name in DomainFacts.__slots__]
    row = session.execute(select(*columns).where(table.c.tenant_id == tenant_id, named)).one_or_none()
    if row is None:
        raise DomainMissing(f"there is no domain {reference!r}")
    return DomainFacts(*row)


def _id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
