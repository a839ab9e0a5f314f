"""The tables of the audit trail: entries, which nothing changes but their chaining, and where each chain ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

_INSTANT = DateTime(timezone=True)


class AuditEntry(Base):
    """One request that changed something, or was refused. A trigger lets it be chained once, and nothing else."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("uq_audit_entries_chain", "tenant_id", "seq", unique=True, postgresql_where=text("seq IS NOT NULL")),
        Index("ix_audit_entries_unchained", "tenant_id", "id", postgresql_where=text("seq IS NULL")),
        Index("ix_audit_entries_tenant_newest", "tenant_id", "id"),
        Index("ix_audit_entries_actor", "tenant_id", "actor_id", "id", postgresql_where=text("actor_id IS NOT NULL")),
        Index("ix_audit_entries_request", "tenant_id", "request_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.clock_timestamp())
    actor_id: Mapped[UUID | None] = mapped_column()
    actor: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    """What was asked for, as the API names it: `POST /jobs/<uuid:job_id>/cancel`."""
    path: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    """`done`, `denied` or `failed`."""
    status: Mapped[int | None] = mapped_column(Integer)
    code: Mapped[str | None] = mapped_column(Text)
    """Code of the problem that was answered."""
    request_id: Mapped[str | None] = mapped_column(Text)
    client: Mapped[str | None] = mapped_column(Text)
    """Address that the request came from."""
    target: Mapped[str | None] = mapped_column(Text)
    """Address of what was made, where the answer names it."""
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    seq: Mapped[int | None] = mapped_column(BigInteger)
    """Its place in the tenant's chain, from 1; null until it is chained."""
    hash: Mapped[str | None] = mapped_column(Text)
    """SHA-256 over the hash before it and everything above."""


class AuditHead(Base):
    """Both ends of one tenant's chain, signed with a key that the database does not hold."""

    __tablename__ = "audit_heads"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    base_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Up to where retention took the chain away."""
    base_hash: Mapped[str] = mapped_column(Text, server_default="")
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    hash: Mapped[str] = mapped_column(Text, server_default="")
    signature: Mapped[str] = mapped_column(Text, server_default="")
    """`<name of the master key>:<HMAC>` over all of this."""
    signed_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
