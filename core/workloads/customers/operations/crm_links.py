"""Links to CRMs: made, changed, found, synced by themselves."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, Missing
from core.ids import uuid7
from core.jobs.submission import JobRequest, submit
from core.naming import referred_to
from core.platform.access import Principal, Role
from core.workloads.customers import kinds
from core.workloads.customers.crm.ownership import check_ownership
from core.workloads.customers.operations import connections
from core.workloads.customers.operations.crm_models import NOBODY, CrmContactRow, CrmLinkRow

MOST = 50
"""How many links a tenant may have."""


class CrmLinkMissing(Missing):
    """There is no such link to a CRM."""

    code = "crm_link_missing"


class CrmLinkNameTaken(Conflict):
    """Another link of the tenant has this name."""

    code = "crm_link_name_taken"


class CrmLinkInUse(Conflict):
    """People were erased whom the CRM behind the link is still to forget."""

    code = "crm_link_in_use"


class CrmLinksTooMany(Conflict):
    """The tenant has as many links to CRMs as may be."""

    code = "crm_links_too_many"


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> CrmLinkRow:
    """Link a CRM: `name`, `connection`, `ownership`, `overlap_s`, `every_s`; `id`, if that is settled."""
    check_ownership(asked["ownership"])
    connection = connections.find_of_sort(session, tenant_id, asked["connection"], "crm")
    if (session.scalar(select(func.count()).where(CrmLinkRow.tenant_id == tenant_id)) or 0) >= MOST:
        raise CrmLinksTooMany(f"{MOST} links are allowed")
    plain = {name: asked[name] for name in ("name", "ownership", "overlap_s", "every_s")}
    row = {"id": asked.get("id") or uuid7(), "tenant_id": tenant_id, "connection_id": connection.id, **plain}
    made = session.scalar(insert(CrmLinkRow).values(row).on_conflict_do_nothing().returning(CrmLinkRow.id))
    if made is None:
        raise CrmLinkNameTaken(f"there is a link {asked['name']!r}")
    return session.get_one(CrmLinkRow, made)


def change(session: Session, tenant_id: UUID, reference: str, asked: Mapping[str, Any]) -> CrmLinkRow:
    """Change a link; where fields change hands, all is read from the beginning."""
    row = find(session, tenant_id, reference, lock=True)
    if "ownership" in asked and asked["ownership"] != row.ownership:
        check_ownership(asked["ownership"])
        row.cursor_at = None
    for name, value in asked.items():
        setattr(row, name, value)
    session.flush()
    return row


def find(session: Session, tenant_id: UUID, reference: str, *, lock: bool = False) -> CrmLinkRow:
    """Return a link by id or name; raises `CrmLinkMissing`."""
    row = session.scalar(referred_to(CrmLinkRow, tenant_id, reference, lock=lock))
    if row is None:
        raise CrmLinkMissing(f"there is no link {reference!r}")
    return row


def list_links(session: Session, tenant_id: UUID) -> Sequence[CrmLinkRow]:
    """Return all links by name."""
    query = select(CrmLinkRow).where(CrmLinkRow.tenant_id == tenant_id)
    return session.scalars(query.order_by(CrmLinkRow.name)).all()


def list_errors(session: Session, tenant_id: UUID, link_id: UUID, *, limit: int) -> Sequence[CrmContactRow]:
    """Return contacts whose latest words of ours were not taken."""
    mine = (CrmContactRow.tenant_id == tenant_id, CrmContactRow.link_id == link_id, CrmContactRow.error.is_not(None))
    return session.scalars(select(CrmContactRow).where(*mine).order_by(CrmContactRow.crm_id).limit(limit)).all()


def remove(session: Session, tenant_id: UUID, reference: str) -> None:
    """Forget a link; neither side's contacts go. Raises `CrmLinkInUse`."""
    row = find(session, tenant_id, reference, lock=True)
    if session.scalar(select(CrmLinkRow.id).where(CrmLinkRow.id == row.id, _has_to_forget())):
        raise CrmLinkInUse("sync it first, so that the CRM forgets the people who were erased here")
    session.execute(delete(CrmLinkRow).where(CrmLinkRow.id == row.id))


def submit_sync(session: Session, principal: Principal, row: CrmLinkRow, *, dry_run: bool, clock: Clock) -> UUID:
    """Have a link synced; a sync that waits or runs already stands for another one."""
    params = {"link": str(row.id), "dry_run": dry_run}
    key = None if dry_run else f"crm:{row.id}"
    request = JobRequest(kinds.SYNC_CRM, params, unique_key=key, tags=["crm", f"crm:{row.id}"])
    return submit(session, principal, request, clock=clock).job_id


def sync_due(session: Session, tenant_id: UUID, *, clock: Clock) -> int:
    """Have the links synced whose time has come, or that have to forget somebody, and count them."""
    return _sync_those(session, tenant_id, due(clock), clock)


def sync_to_forget(session: Session, tenant_id: UUID, *, clock: Clock) -> int:
    """Have the links synced whose CRMs are to forget people who were erased, and count them."""
    return _sync_those(session, tenant_id, [_has_to_forget()], clock)


def _sync_those(session: Session, tenant_id: UUID, those: Sequence[Any], clock: Clock) -> int:
    rows = session.scalars(select(CrmLinkRow).where(CrmLinkRow.tenant_id == tenant_id, *those)).all()
    for row in rows:
        principal = Principal(uuid7(), tenant_id, Role.OPERATOR, "crm sync")
        submit_sync(session, principal, row, dry_run=False, clock=clock)
    return len(rows)


def due(clock: Clock) -> tuple[Any, ...]:
    """Return what holds for the rows of links whose time to be synced by themselves has come."""
    since = func.make_interval(0, 0, 0, 0, 0, 0, CrmLinkRow.every_s)
    passed = or_(CrmLinkRow.synced_at.is_(None), CrmLinkRow.synced_at + since <= clock() + timedelta(seconds=1))
    return (or_(and_(CrmLinkRow.every_s.is_not(None), passed), _has_to_forget()),)


def _has_to_forget() -> Any:
    """Return the condition that people were erased whose contacts the link's CRM has not been asked to forget."""
    waiting = (CrmContactRow.link_id == CrmLinkRow.id, CrmContactRow.identifier_id == NOBODY)
    return exists().where(*waiting, CrmContactRow.error.is_(None))
