"""Tenants: whose data it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Integer, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.errors import Missing
from core.ids import uuid7

LOCAL_TENANT = "local"
"""The tenant that an installation on its own machine begins with."""


class Tenant(Base):
    """One team on the installation."""

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint("retention_days >= 1", name="retention_positive"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retention_days: Mapped[int | None] = mapped_column(Integer)
    """How long its final jobs are kept; null where the installation's own rule holds."""


class TenantMissing(Missing):
    """There is no such tenant."""

    code = "tenant_missing"


def find_tenant(session: Session, name: str) -> UUID:
    """Return the tenant of a slug or id; raises `TenantMissing`."""
    found = session.scalar(select(Tenant.id).where(or_(Tenant.slug == name, cast(Tenant.id, Text) == name.lower())))
    if found is None:
        raise TenantMissing(f"there is no tenant {name!r}")
    return found


def ensure_tenant(session: Session, slug: str) -> UUID:
    """Return the tenant of that slug, made now if it is new."""
    session.execute(insert(Tenant).values(id=uuid7(), slug=slug).on_conflict_do_nothing(index_elements=[Tenant.slug]))
    return session.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()
