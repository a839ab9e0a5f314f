"""API keys: shown once, kept as a hash, looked up in constant time."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.errors import Missing
from core.ids import uuid7
from core.platform.access import Principal, Role
from core.platform.tenants import Tenant

PREFIX = "psk_"
SHOWN = len(PREFIX) + 6
"""How much of a key is kept readable, to tell keys apart."""
USE_BUCKET = timedelta(minutes=1)
"""How exactly the last use is known: a key that is used all the time is not written all the time."""


class ApiKey(Base):
    """One key of one tenant; the key itself is nowhere."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """The permissions it is confined to; null where it has all of its role."""
    prefix: Mapped[str] = mapped_column(Text, server_default="")
    created_by: Mapped[UUID | None] = mapped_column()
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class KeyMissing(Missing):
    """There is no such key."""

    code = "key_missing"


def make_key() -> str:
    """Make a new key: 256 random bits behind a prefix that secret scanners can find."""
    return PREFIX + secrets.token_urlsafe(32)


def remember_key(
    session: Session,
    key: str,
    *,
    tenant_id: UUID,
    name: str,
    role: Role,
    expires_at: datetime | None = None,
    scopes: Collection[str] | None = None,
    created_by: UUID | None = None,
) -> UUID:
    """Keep a key's hash so that the key is honoured from now on, and return its id; keeping it twice is fine."""
    row = {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "name": name,
        "role": role,
        "hash": _hash(key),
        "expires_at": expires_at,
        "scopes": None if scopes is None else sorted(scopes),
        "prefix": key[:SHOWN],
        "created_by": created_by,
    }
    session.execute(insert(ApiKey).values(row).on_conflict_do_nothing(index_elements=[ApiKey.hash]))
    return session.scalars(select(ApiKey.id).where(ApiKey.hash == row["hash"])).one()


def revoke_key(session: Session, key: str) -> None:
    """Stop honouring a key."""
    session.execute(update(ApiKey).where(ApiKey.hash == _hash(key)).values(revoked_at=func.now()))


def get_key(session: Session, tenant_id: UUID, key_id: UUID) -> ApiKey:
    """Return what is known of one key; raises `KeyMissing`, for another tenant's key too."""
    found = session.scalars(select(ApiKey).where(ApiKey.id == key_id, ApiKey.tenant_id == tenant_id)).one_or_none()
    if found is None:
        raise KeyMissing(f"there is no key {key_id}")
    return found


def list_keys(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[ApiKey]:
    """Return a tenant's keys, newest first, beginning behind one; revoked ones too."""
    query = select(ApiKey).where(ApiKey.tenant_id == tenant_id)
    if after is not None:
        query = query.where(ApiKey.id < after)
    return session.scalars(query.order_by(ApiKey.id.desc()).limit(limit)).all()


def revoke(session: Session, tenant_id: UUID, key_id: UUID) -> ApiKey:
    """Stop honouring a key of a tenant; once more changes nothing. Raises `KeyMissing`."""
    found = get_key(session, tenant_id, key_id)
    session.execute(
        update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=func.now())
    )
    session.refresh(found)
    return found


def find_principal(session: Session, key: str) -> Principal | None:
    """Return who a key stands for; None for unknown, revoked and expired keys and those of suspended tenants alike.

    Looking up a SHA-256 of 256 random bits tells an attacker nothing by its timing. The use is noted, about.
    """
    row = session.execute(
        select(ApiKey.id, ApiKey.tenant_id, ApiKey.role, ApiKey.name, ApiKey.scopes, Tenant.home, _NOTED.label("noted"))
        .join(Tenant, Tenant.id == ApiKey.tenant_id)
        .where(
            ApiKey.hash == _hash(key),
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
            Tenant.suspended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    if not row.noted:
        session.execute(update(ApiKey).where(ApiKey.id == row.id).values(last_used_at=func.now()))
    scopes = None if row.scopes is None else frozenset(row.scopes)
    return Principal(row.id, row.tenant_id, Role(row.role), row.name, home=row.home, scopes=scopes)


_NOTED = func.coalesce(ApiKey.last_used_at > func.now() - USE_BUCKET, False)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
