"""Members: the accounts of a tenant, as its admins keep them."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, Missing
from core.ids import uuid7
from core.platform.access import Role
from core.platform.accounts import sessions, totp
from core.platform.accounts.models import Member
from core.platform.accounts.passwords import Passwords, make_password
from core.platform.sealing.values import Place, open_sealed, seal

INVITATION_LIFE = timedelta(days=7)
"""How long a password that was given to somebody may be exchanged for one of their own."""


class MemberMissing(Missing):
    """There is no such member."""

    code = "member_missing"


class EmailTaken(Conflict):
    """There is an account of this name already."""

    code = "email_taken"


class LastAdmin(Conflict):
    """A tenant keeps an admin who can log in: make another one first."""

    code = "last_admin"


@dataclass(frozen=True, slots=True)
class Invited:
    """A new member and the password that it exchanges for its own at its first login; told only now."""

    member: Member
    password: str


def invite(
    session: Session, passwords: Passwords, secret_key: str, tenant_id: UUID, email: str, role: Role, *, now: datetime
) -> Invited:
    """Make an account; raises `EmailTaken`."""
    member_id, password = uuid7(), make_password()
    member = Member(
        id=member_id,
        tenant_id=tenant_id,
        email=seal(session, _place(tenant_id, member_id), email.strip(), subject=member_id),
        email_index=index_of(secret_key, email),
        role=role,
        password_hash=passwords.hash(password),
        password_until=now + INVITATION_LIFE,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError:
        raise EmailTaken from None
    return Invited(member, password)


def get_member(session: Session, tenant_id: UUID, member_id: UUID, *, lock: bool = False) -> Member:
    """Return one member; raises `MemberMissing`, for another tenant's member too."""
    query = select(Member).where(Member.id == member_id, Member.tenant_id == tenant_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise MemberMissing(f"there is no member {member_id}")
    return found


def list_members(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[Member]:
    """Return members, newest first, beginning behind one."""
    query = select(Member).where(Member.tenant_id == tenant_id)
    if after is not None:
        query = query.where(Member.id < after)
    return session.scalars(query.order_by(Member.id.desc()).limit(limit)).all()


def change(session: Session, tenant_id: UUID, member_id: UUID, fields: dict[str, Any], *, now: datetime) -> Member:
    """Change role or standing; raises `LastAdmin`. Whoever is disabled is logged out; a role holds at once."""
    member = get_member(session, tenant_id, member_id, lock=True)
    was_admin = _is_admin(member)
    member.role = fields.get("role", member.role)
    if "disabled" in fields:
        member.disabled_at = (member.disabled_at or now) if fields["disabled"] else None
    if member.disabled_at is not None:
        sessions.end_all(session, member.id, reason="disabled")
    session.flush()
    if was_admin and not _is_admin(member):
        _keep_an_admin(session, tenant_id)
    return member


def reset(session: Session, passwords: Passwords, tenant_id: UUID, member_id: UUID, *, now: datetime) -> Invited:
    """Give a member who lost its own a password to begin anew with, without second factor; it is logged out."""
    member, password = get_member(session, tenant_id, member_id, lock=True), make_password()
    member.password_hash, member.password_until = passwords.hash(password), now + INVITATION_LIFE
    totp.take_off(session, member)
    sessions.end_all(session, member.id, reason="password")
    return Invited(member, password)


def remove(session: Session, tenant_id: UUID, member_id: UUID) -> None:
    """Delete an account with its sessions; raises `MemberMissing` or `LastAdmin`."""
    member = get_member(session, tenant_id, member_id, lock=True)
    was_admin = _is_admin(member)
    session.execute(delete(Member).where(Member.id == member_id))
    if was_admin:
        _keep_an_admin(session, tenant_id)


def email_of(session: Session, member: Member) -> str:
    """Read a member's address."""
    return "" if member.email is None else open_sealed(session, _place(member.tenant_id, member.id), member.email)


def index_of(secret_key: str, email: str) -> str:
    """Compute by what an account is found, from its name alone and the platform's secret."""
    return hmac.new(secret_key.encode(), f"members.email:{email.strip().casefold()}".encode(), "sha256").hexdigest()


def any_members(session: Session, tenant_id: UUID) -> bool:
    """Tell whether a tenant has members at all."""
    return session.scalar(select(Member.id).where(Member.tenant_id == tenant_id).limit(1)) is not None


def _is_admin(member: Member) -> bool:
    return member.role == Role.ADMIN and member.disabled_at is None


def _keep_an_admin(session: Session, tenant_id: UUID) -> None:
    """Refuse to leave a tenant to nobody; its admins are locked, so that two do not each count on the other."""
    admins = select(Member.id).where(
        Member.tenant_id == tenant_id, Member.role == Role.ADMIN, Member.disabled_at.is_(None)
    )
    if not session.scalars(admins.with_for_update()).all():
        raise LastAdmin


def _place(tenant_id: UUID, member_id: UUID) -> Place:
    return Place(tenant_id, "members", "email", member_id)
