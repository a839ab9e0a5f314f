"""This file is about what is kept of a CRM's contacts: digests of what was said last, never what was said."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.workloads.customers.connectors.base import CrmRow
from core.workloads.customers.crm.ownership import content_hash, incoming
from core.workloads.customers.operations.crm_models import NOBODY, CrmContactRow, CrmLinkRow


def hashes_of(session: Session, link: CrmLinkRow, page: Sequence[CrmRow]) -> dict[str, str | None]:
    """Return what each contact said last, by digest; None for one of somebody who was erased."""
    mine = (CrmContactRow.link_id == link.id, CrmContactRow.crm_id.in_([row.id for row in page]))
    known = session.scalars(select(CrmContactRow).where(*mine))
    return {row.crm_id: None if row.identifier_id == NOBODY else row.their_hash for row in known}


def mark_deleted(session: Session, link: CrmLinkRow, gone: Sequence[str]) -> None:
    """Keep that contacts were taken away in the CRM."""
    mine = (CrmContactRow.link_id == link.id, CrmContactRow.crm_id.in_(gone))
    session.execute(update(CrmContactRow).where(*mine).values(deleted=True))


def remember(session: Session, link: CrmLinkRow, row: CrmRow, identifier_id: int) -> None:
    """Keep what a contact said, by digest, beside whose address it bears."""
    told = {
        "identifier_id": identifier_id,
        "their_hash": content_hash(incoming(link.ownership, row.fields)),
        "deleted": False,
        "changed_at": row.changed_at,
    }
    ids = {"link_id": link.id, "crm_id": row.id, "tenant_id": link.tenant_id}
    made = insert(CrmContactRow).values({**ids, **told})
    session.execute(made.on_conflict_do_update(index_elements=["link_id", "crm_id"], set_=told))
