"""API keys: shown once, kept as a hash, looked up in constant time."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Text, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.ids import uuid7
from core.platform.access import Principal, Role

PREFIX = "psk_"


class ApiKey(Base):
    """One key of one tenant; the key itself is nowhere."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


def make_key() -> str:
    """Make a new key: 256 random bits behind a prefix that secret scanners can find."""
    return PREFIX + secrets.token_urlsafe(32)


def remember_key(
    session: Session, key: str, *, tenant_id: UUID, name: str, role: Role, expires_at: datetime | None = None
) -> None:
    """Keep a key's hash so that the key is honoured from now on; keeping it twice is fine."""
    row = {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "name": name,
        "role": role,
        "hash": _hash(key),
        "expires_at": expires_at,
    }
    session.execute(insert(ApiKey).values(row).on_conflict_do_nothing(index_elements=[ApiKey.hash]))


def revoke_key(session: Session, key: str) -> None:
    """Stop honouring a key."""
    session.execute(update(ApiKey).where(ApiKey.hash == _hash(key)).values(revoked_at=func.now()))


def find_principal(session: Session, key: str) -> Principal | None:
    """Return who a key stands for; None for unknown, revoked and expired keys alike.

    Looking up a SHA-256 of 256 random bits tells an attacker nothing by its timing.
    """
    row = session.execute(
        select(ApiKey.id, ApiKey.tenant_id, ApiKey.role, ApiKey.name).where(
            ApiKey.hash == _hash(key),
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
        )
    ).one_or_none()
    return None if row is None else Principal(row.id, row.tenant_id, Role(row.role), row.name)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
