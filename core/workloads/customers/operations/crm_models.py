"""The tables of CRM links; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Float, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.workloads.customers.connection_models import ConnectionRow

_INSTANT = DateTime(timezone=True)
NOBODY = 0
"""In the place of an identifier: the person was erased here, and the CRM is still to forget the contact."""


class CrmLinkRow(Base):
    """A CRM that contacts are kept in step with."""

    __tablename__ = "customer_crm_links"
    __table_args__ = (Index("uq_customer_crm_links_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    connection_id: Mapped[UUID] = mapped_column(ForeignKey(ConnectionRow.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    ownership: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    overlap_s: Mapped[float] = mapped_column(Float, server_default="300")
    """How far behind the cursor is read again, as clocks and commits of others are not in order."""
    every_s: Mapped[float | None] = mapped_column(Float)
    """How often it is synced by itself; null where never."""
    cursor_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    synced_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    """What became of the last sync."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class CrmContactRow(Base):
    """A contact of a CRM as it was last told of, by digests alone."""

    __tablename__ = "customer_crm_contacts"
    __table_args__ = (Index("ix_customer_crm_contacts_identifier", "tenant_id", "identifier_id"),)

    link_id: Mapped[UUID] = mapped_column(ForeignKey(CrmLinkRow.id, ondelete="CASCADE"), primary_key=True)
    crm_id: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    identifier_id: Mapped[int] = mapped_column(BigInteger)
    """The address that it is known by, or `NOBODY`."""
    their_hash: Mapped[str] = mapped_column(Text, server_default="")
    our_hash: Mapped[str] = mapped_column(Text, server_default="")
    """Of what the CRM has acknowledged of ours."""
    deleted: Mapped[bool] = mapped_column(server_default="false")
    error: Mapped[str | None] = mapped_column(Text)
    """Why our words were not taken; said again at the next sync."""
    changed_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
