"""Login sessions: begun by a login, renewed by tokens that are good once, ended by logout, theft or time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.platform.accounts.models import LoginSession, Member, RefreshToken
from core.platform.accounts.tokens import hash_token, make_refresh_token
from core.platform.tenants import Tenant

SESSION_LIFE = timedelta(days=30)
REFRESH_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Begun:
    """A session and the token that renews it next."""

    tenant_id: UUID
    member_id: UUID
    session_id: UUID
    refresh_token: str


def begin(session: Session, tenant_id: UUID, member_id: UUID, *, now: datetime) -> Begun:
    """Begin a session of a member who has shown who it is."""
    session_id = uuid7()
    begun = LoginSession(id=session_id, tenant_id=tenant_id, member_id=member_id, expires_at=now + SESSION_LIFE)
    session.add(begun)
    session.flush()
    return _renewable(session, tenant_id, member_id, session_id, until=now + REFRESH_LIFE)


def renew(session: Session, token: str, *, now: datetime) -> Begun | None:
    """Exchange a refresh token for the next one; None when it is not good.

    One that was used before is in two hands: whoever came first, the session ends for both. The caller commits that.
    """
    used = session.execute(
        update(RefreshToken)
        .where(RefreshToken.hash == hash_token(token), RefreshToken.used_at.is_(None), RefreshToken.expires_at > now)
        .values(used_at=func.now())
        .returning(RefreshToken.session_id)
    ).scalar_one_or_none()
    if used is None:
        _end_if_stolen(session, token)
        return None
    alive = session.execute(
        select(LoginSession.tenant_id, LoginSession.member_id, LoginSession.expires_at)
        .join(Member, Member.id == LoginSession.member_id)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(LoginSession.id == used, is_alive(now))
    ).one_or_none()
    if alive is None:
        return None
    return _renewable(session, alive.tenant_id, alive.member_id, used, until=min(now + REFRESH_LIFE, alive.expires_at))


def shared(session: Session, token: str, *, now: datetime, within: timedelta) -> LoginSession | None:
    """Return the session of a refresh token that was exchanged a moment ago; None for any other.

    Tabs of one browser come with the same token at once. Whoever comes second waits for the first, and is no thief.
    """
    used = session.execute(
        select(RefreshToken.session_id, RefreshToken.used_at)
        .where(RefreshToken.hash == hash_token(token))
        .with_for_update()
    ).one_or_none()
    if used is None or used.used_at is None or now - used.used_at >= within:
        return None
    return session.scalars(select(LoginSession).where(LoginSession.id == used.session_id)).one()


def end(session: Session, session_id: UUID, *, reason: str) -> None:
    """End a session with all its tokens."""
    _end(session, LoginSession.id == session_id, reason)


def end_all(session: Session, member_id: UUID, *, reason: str, but: UUID | None = None) -> None:
    """End every session of a member, except perhaps the one at hand."""
    other = LoginSession.id != but if but is not None else LoginSession.id.is_not(None)
    _end(session, (LoginSession.member_id == member_id) & other, reason)


def is_alive(now: datetime) -> ColumnElement[bool]:
    """Write as a condition that session, member and tenant are all in good standing."""
    return (
        LoginSession.revoked_at.is_(None)
        & (LoginSession.expires_at > now)
        & Member.disabled_at.is_(None)
        & Tenant.suspended_at.is_(None)
    )


def _end_if_stolen(session: Session, token: str) -> None:
    session_id = session.scalar(
        select(RefreshToken.session_id).where(RefreshToken.hash == hash_token(token), RefreshToken.used_at.is_not(None))
    )
    if session_id is not None:
        end(session, session_id, reason="reuse")


def _end(session: Session, which: ColumnElement[bool], reason: str) -> None:
    living = which & LoginSession.revoked_at.is_(None)
    session.execute(update(LoginSession).where(living).values(revoked_at=func.now(), revoked_reason=reason))


def _renewable(session: Session, tenant_id: UUID, member_id: UUID, session_id: UUID, *, until: datetime) -> Begun:
    token = make_refresh_token()
    session.add(RefreshToken(hash=hash_token(token), tenant_id=tenant_id, session_id=session_id, expires_at=until))
    session.flush()
    return Begun(tenant_id, member_id, session_id, token)
