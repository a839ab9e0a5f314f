"""The table of connections; each row a tenant's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed

_INSTANT = DateTime(timezone=True)


class ConnectionRow(Base):
    """A tenant's access to a platform; what it takes to get in is sealed."""

    __tablename__ = "customer_connections"
    __table_args__ = (Index("uq_customer_connections_tenant_name", "tenant_id", "name", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    connector: Mapped[str] = mapped_column(Text)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    secret: Mapped[Sealed | None] = mapped_column(SealedText)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
