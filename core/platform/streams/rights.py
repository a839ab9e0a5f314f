"""The rights of those who listen, looked at again and again while they do."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.platform.accounts.models import LoginSession, Member
from core.platform.accounts.sessions import is_alive
from core.platform.keys import ApiKey
from core.platform.streams.tickets import Holder
from core.platform.tenants import Tenant


def lapsed(session: Session, holders: Iterable[str], *, now: datetime) -> set[str]:
    """Return those whose key was revoked or expired, whose login ended, who were disabled or whose tenant was."""
    named = dict(_read(holders))
    keys = [holder.principal_id for holder in named.values() if holder.session_id is None]
    sessions = [holder.session_id for holder in named.values() if holder.session_id is not None]
    good_keys = select(ApiKey.id).join(Tenant, Tenant.id == ApiKey.tenant_id)
    good_keys = good_keys.where(
        ApiKey.id.in_(keys),
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
        Tenant.suspended_at.is_(None),
    )
    good_sessions = select(LoginSession.id).join(Member, Member.id == LoginSession.member_id)
    good_sessions = good_sessions.join(Tenant, Tenant.id == Member.tenant_id)
    good_sessions = good_sessions.where(LoginSession.id.in_(sessions), is_alive(now))
    good = {*(session.scalars(good_keys) if keys else ()), *(session.scalars(good_sessions) if sessions else ())}
    return {text for text, holder in named.items() if (holder.session_id or holder.principal_id) not in good}


def _read(holders: Iterable[str]) -> Iterator[tuple[str, Holder]]:
    for text in holders:
        try:
            yield text, Holder.read(text)
        except ValueError:
            continue
