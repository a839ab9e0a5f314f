"""The tables of accounts: members, their recovery codes, the sessions they log in to, and failures to do so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed
from core.platform.tenants import Tenant

_INSTANT = DateTime(timezone=True)


class Member(Base):
    """One person's account, which is of one tenant."""

    __tablename__ = "members"
    __table_args__ = (Index("ix_members_tenant_newest", "tenant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id))
    email: Mapped[Sealed | None] = mapped_column(SealedText)
    """Null once the person was erased."""
    email_index: Mapped[str] = mapped_column(Text, unique=True)
    """By which it is found at a login, before anybody knows the tenant."""
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    password_until: Mapped[datetime | None] = mapped_column(_INSTANT)
    """Until when a password that somebody else gave may be exchanged for one of its owner's own; else null."""
    totp_secret: Mapped[Sealed | None] = mapped_column(SealedText)
    totp_since: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When its owner showed that the secret had arrived; before that it is not asked for."""
    totp_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The latest time step whose code was used: neither it nor an earlier one is taken again."""
    disabled_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    logged_in_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class RecoveryCode(Base):
    """What stands in, once, for the second factor; only its hash is kept."""

    __tablename__ = "recovery_codes"

    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id, ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class LoginSession(Base):
    """One login and all the tokens that descend from it."""

    __tablename__ = "login_sessions"
    __table_args__ = (Index("ix_login_sessions_member", "member_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id, ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    """`logout`, `reuse`, `password`, `disabled`."""


class RefreshToken(Base):
    """A token that is good for one renewal; used twice, it has been stolen from one of the two."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_session", "session_id"),)

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column()
    session_id: Mapped[UUID] = mapped_column(ForeignKey(LoginSession.id, ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class LoginFailure(Base):
    """How often a login failed lately under one name, whether there is such an account or not."""

    __tablename__ = "login_failures"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    """The name as `Member.email_index` has it."""
    failures: Mapped[int] = mapped_column(Integer)
    failed_at: Mapped[datetime] = mapped_column(_INSTANT)
    locked_until: Mapped[datetime] = mapped_column(_INSTANT)
