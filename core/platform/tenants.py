"""Tenants: whose data it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Integer, Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.errors import Conflict, Missing
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
    name: Mapped[str | None] = mapped_column("title", Text)
    home: Mapped[bool] = mapped_column(server_default="false")
    """Whether it is one of those that run the platform, for all tenants."""
    totp_required: Mapped[bool] = mapped_column(server_default="false")
    """Whether its members can do nothing before they have set up a second factor."""
    suspended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Since when its members and keys are not honoured; what it submitted before goes on."""


class TenantMissing(Missing):
    """There is no such tenant."""

    code = "tenant_missing"


class SlugTaken(Conflict):
    """There is a tenant of this name already."""

    code = "slug_taken"


class HomeKept(Conflict):
    """A tenant that runs the platform is not suspended."""

    code = "home_kept"


def find_tenant(session: Session, name: str) -> UUID:
    """Return the tenant of a slug or id; raises `TenantMissing`."""
    found = session.scalar(select(Tenant.id).where(or_(Tenant.slug == name, cast(Tenant.id, Text) == name.lower())))
    if found is None:
        raise TenantMissing(f"there is no tenant {name!r}")
    return found


def ensure_tenant(session: Session, slug: str, *, home: bool = False) -> UUID:
    """Return the tenant of that slug, made now if it is new; `home` if it is to run the platform then."""
    new = insert(Tenant).values(id=uuid7(), slug=slug, home=home)
    session.execute(new.on_conflict_do_nothing(index_elements=[Tenant.slug]))
    return session.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()


def create_tenant(session: Session, slug: str, *, name: str | None = None) -> Tenant:
    """Make a tenant; raises `SlugTaken`."""
    if session.scalar(select(Tenant.id).where(Tenant.slug == slug)) is not None:
        raise SlugTaken(f"there is a tenant {slug!r} already")
    tenant = Tenant(id=uuid7(), slug=slug, name=name)
    session.add(tenant)
    session.flush()
    session.refresh(tenant)
    return tenant


def get_tenant(session: Session, name: str, *, lock: bool = False) -> Tenant:
    """Return the tenant of a slug or id; raises `TenantMissing`."""
    return session.get_one(Tenant, find_tenant(session, name), with_for_update=lock)


def list_tenants(session: Session, *, limit: int, after: UUID | None = None) -> Sequence[Tenant]:
    """Return tenants, newest first, beginning behind one."""
    query = select(Tenant) if after is None else select(Tenant).where(Tenant.id < after)
    return session.scalars(query.order_by(Tenant.id.desc()).limit(limit)).all()


def change_tenant(session: Session, name: str, fields: Mapping[str, Any], *, now: datetime) -> Tenant:
    """Change what a tenant is called, what it asks of its members, whether it is suspended; raises `HomeKept`."""
    tenant = get_tenant(session, name, lock=True)
    if fields.get("suspended") and tenant.home:
        raise HomeKept
    for field in ("name", "totp_required", "retention_days"):
        if field in fields:
            setattr(tenant, field, fields[field])
    if "suspended" in fields:
        tenant.suspended_at = (tenant.suspended_at or now) if fields["suspended"] else None
    session.flush()
    return tenant
