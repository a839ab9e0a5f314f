"""From an access token to who acts, as account, session and tenant are at this moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.platform.access import Principal, Role
from core.platform.accounts.members import email_of
from core.platform.accounts.models import LoginSession, Member
from core.platform.accounts.sessions import is_alive
from core.platform.accounts.tokens import Claims
from core.platform.tenants import Tenant

BEFORE_TOTP = frozenset({"account:read", "account:write"})
"""What a member may do whose tenant asks for a second factor that is not set up yet."""


def find_member_principal(session: Session, claims: Claims, *, now: datetime) -> Principal | None:
    """Return who a token stands for; None once its session ended, its member was disabled or its tenant suspended."""
    row = session.execute(
        select(Member, Tenant.home, Tenant.totp_required)
        .join(LoginSession, LoginSession.member_id == Member.id)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(LoginSession.id == claims.session_id, Member.id == claims.member_id, is_alive(now))
    ).one_or_none()
    if row is None:
        return None
    member, home, totp_required = row
    return Principal(
        member.id,
        member.tenant_id,
        Role(member.role),
        email_of(session, member),
        home=home,
        scopes=BEFORE_TOTP if totp_required and member.totp_since is None else None,
        session_id=claims.session_id,
    )
