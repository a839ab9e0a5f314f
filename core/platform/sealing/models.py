"""The table of data keys: each wrapped with a master key, which the database never sees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

NOBODY = UUID(int=0)
"""The subject of keys that are about nobody in particular."""
_INSTANT = DateTime(timezone=True)


class DataKey(Base):
    """A key that seals the values of one tenant, or those about one subject of it."""

    __tablename__ = "data_keys"
    __table_args__ = (
        Index(
            "uq_data_keys_current",
            "tenant_id",
            "purpose",
            "subject",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    purpose: Mapped[str] = mapped_column(Text)
    """`seal`, or `index` for the key of blind indexes."""
    subject: Mapped[UUID] = mapped_column(server_default=text(f"'{NOBODY}'"))
    """Whose values it seals: destroying the key makes all of them unreadable, in backups, too."""
    master_key: Mapped[str] = mapped_column(Text)
    """Name of the master key that it is wrapped with."""
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When another took its place: it still opens what it sealed until that is sealed anew."""
