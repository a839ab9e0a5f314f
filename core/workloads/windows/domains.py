"""Domains as their owners see them: made, changed, paused, stopped, cloned, removed; each with its schedule."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import uuid7
from core.jobs import schedules
from core.jobs.kind import JobKind
from core.platform.access import Principal
from core.platform.bus import publishing
from core.platform.bus.topic import News
from core.platform.domains.facts import find_domain
from core.platform.domains.models import Domain, DomainStanding, Window
from core.platform.domains.topics import DOMAIN_CHANGED

FindKind = Callable[[str], JobKind]

MOST = 10_000
"""How many domains a tenant may have."""
KIND = "windows.generate"
_TABLE = Domain.__table__
_SHAPE = frozenset({"variables", "window_size"})
_PACE = frozenset({"interval_s", "offset_s"})
_COPIED = ("description", "variables", "generator", "window_size", "interval_s", "offset_s", "retention_windows")


class DomainNameTaken(Conflict):
    """Another domain of the tenant has this name."""

    code = "domain_name_taken"


class DomainsTooMany(Conflict):
    """The tenant has as many domains as it may."""

    code = "domains_too_many"


class DomainHasWindows(Conflict):
    """Variables and window size stay as they are once there are windows: clone the domain instead."""

    code = "domain_has_windows"


class DomainStopped(Conflict):
    """The domain was stopped for good: clone it instead."""

    code = "domain_stopped"


def create(
    session: Session, principal: Principal, find_kind: FindKind, asked: Mapping[str, Any], *, now: datetime
) -> Row[Any]:
    """Make a domain of checked fields, and the schedule that generates its windows if it has generator and interval."""
    tenant_id = principal.tenant_id
    if session.execute(select(func.count()).where(Domain.tenant_id == tenant_id)).scalar_one() >= MOST:
        raise DomainsTooMany(f"{MOST} domains are allowed")
    _refuse_taken(session, tenant_id, asked["name"])
    domain = Domain(id=uuid7(), tenant_id=tenant_id, created_at=now, updated_at=now, next_index=0, **asked)
    session.add(domain)
    session.flush()
    domain.schedule_id = _schedule(session, principal, find_kind, domain, now)
    session.flush()
    return _told(session, tenant_id, domain.id, "created")


def get_domain(session: Session, tenant_id: UUID, reference: str) -> Row[Any]:
    """Return one domain's row, by id or name; raises `DomainMissing`."""
    found = find_domain(session, tenant_id, reference)
    return session.execute(select(_TABLE).where(_TABLE.c.id == found.id)).one()


def list_domains(
    session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None, status: str | None = None
) -> Sequence[Row[Any]]:
    """Return up to `limit` domains, newest first, beginning behind the domain `after`."""
    query = select(_TABLE).where(_TABLE.c.tenant_id == tenant_id).order_by(_TABLE.c.id.desc()).limit(limit)
    if status is not None:
        query = query.where(_TABLE.c.status == status)
    return session.execute(query if after is None else query.where(_TABLE.c.id < after)).all()


def change(
    session: Session,
    principal: Principal,
    find_kind: FindKind,
    reference: str,
    changes: Mapping[str, Any],
    *,
    now: datetime,
) -> Row[Any]:
    """Change some checked fields; a new generator holds for the windows to come.

    Raises `DomainMissing`, `DomainNameTaken` and `DomainHasWindows`.
    """
    domain = _lock(session, principal.tenant_id, reference)
    if "name" in changes and changes["name"] != domain.name:
        _refuse_taken(session, principal.tenant_id, changes["name"])
    reshaped = any(name in changes and changes[name] != getattr(domain, name) for name in _SHAPE)
    if reshaped and (domain.next_index or _has_windows(session, domain.id)):
        raise DomainHasWindows
    for name, value in changes.items():
        setattr(domain, name, value)
    domain.updated_at = now
    session.flush()
    if changes.keys() & (_PACE | {"generator", "name"}):
        _unschedule(session, domain)
        domain.schedule_id = _schedule(session, principal, find_kind, domain, now)
    session.flush()
    return _told(session, principal.tenant_id, domain.id, "changed")


def set_status(
    session: Session, principal: Principal, find_kind: FindKind, reference: str, status: str, *, now: datetime
) -> Row[Any]:
    """Pause (`paused`), resume (`active`) or stop (`stopped`) a domain; what falls into a pause is not made up for.

    Raises `DomainStopped` for one that was stopped.
    """
    domain = _lock(session, principal.tenant_id, reference)
    if domain.status == "stopped" and status != "stopped":
        raise DomainStopped
    if domain.status != status:
        domain.status, domain.updated_at = status, now
        if domain.schedule_id is not None:
            asked = {"paused": status != "active"}
            schedules.change(session, principal, find_kind, domain.schedule_id, asked, now=now)
        session.flush()
    return _told(session, principal.tenant_id, domain.id, {"active": "resumed"}.get(status, status))


def clone(
    session: Session,
    principal: Principal,
    find_kind: FindKind,
    reference: str,
    asked: Mapping[str, Any],
    *,
    now: datetime,
) -> Row[Any]:
    """Make another domain like one, without its windows: with another name, and with what else is asked for."""
    row = get_domain(session, principal.tenant_id, reference)
    like = {name: getattr(row, name) for name in _COPIED} | {"seed": row.seed}
    return create(session, principal, find_kind, {**like, **asked}, now=now)


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Take a domain away with its windows, its truth and its schedule; jobs and artifacts stay."""
    domain = _lock(session, tenant_id, reference)
    _told(session, tenant_id, domain.id, "removed")
    _unschedule(session, domain)
    session.flush()
    session.execute(delete(Domain).where(Domain.id == domain.id, Domain.tenant_id == tenant_id))


def read_standing(session: Session, tenant_id: UUID, domain_id: UUID) -> Row[Any] | None:
    """Return a domain's counts and the state of its watch for drift; None before its first window."""
    table = DomainStanding.__table__
    query = select(table).where(table.c.domain_id == domain_id, table.c.tenant_id == tenant_id)
    return session.execute(query).one_or_none()


def _schedule(
    session: Session, principal: Principal, find_kind: FindKind, domain: Domain, now: datetime
) -> UUID | None:
    if domain.generator is None or domain.interval_s is None:
        return None
    asked = {
        "name": f"windows of {domain.name}"[:200],
        "kind": KIND,
        "params": {"domain": str(domain.id)},
        "priority": 5,
        "tags": [f"domain:{domain.id}"],
        "every_s": domain.interval_s,
        "timezone": "UTC",
        "jitter_s": 0.0,
        # A window that was due while nobody fired is made later: none is missed.
        "missed": "all",
        "overlap": "allow",
        "paused": domain.status != "active",
        "starts_at": now + timedelta(seconds=domain.offset_s),
    }
    # A schedule fires after it was made: a moment earlier, so that the first window is due at its very beginning.
    return schedules.create(session, principal, find_kind, asked, now=now - timedelta(microseconds=1))


def _unschedule(session: Session, domain: Domain) -> None:
    if domain.schedule_id is not None:
        schedules.delete(session, domain.tenant_id, domain.schedule_id)
        domain.schedule_id = None


def _lock(session: Session, tenant_id: UUID, reference: str) -> Domain:
    found = find_domain(session, tenant_id, reference)
    return session.scalars(select(Domain).where(Domain.id == found.id).with_for_update()).one()


def _refuse_taken(session: Session, tenant_id: UUID, name: str) -> None:
    if session.scalar(select(exists().where(Domain.tenant_id == tenant_id, Domain.name == name))):
        raise DomainNameTaken(f"there is a domain {name!r} already")


def _has_windows(session: Session, domain_id: UUID) -> bool:
    return bool(session.scalar(select(exists().where(Window.domain_id == domain_id))))


def _told(session: Session, tenant_id: UUID, domain_id: UUID, what: str) -> Row[Any]:
    row = session.execute(select(_TABLE).where(_TABLE.c.id == domain_id, _TABLE.c.tenant_id == tenant_id)).one()
    news = News(DOMAIN_CHANGED, str(domain_id), {"name": row.name, "change": what, "status": row.status})
    publishing.publish(session, tenant_id, [news])
    return row
