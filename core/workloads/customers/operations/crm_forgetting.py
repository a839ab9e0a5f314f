"""This file is about CRMs forgetting people who were erased here: asked one by one, and told of where one refuses."""

import functools
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.platform.alerts.raising import raise_alert, resolve_alert
from core.workloads.customers.connectors.base import Crm, PlatformRefused, Transact
from core.workloads.customers.operations.crm_models import NOBODY, CrmContactRow, CrmLinkRow
from core.workloads.customers.operations.trusting import SOURCE


def waiting(session: Session, row: CrmLinkRow) -> Sequence[str]:
    """Return the CRM's ids of the contacts that it is still to forget."""
    erased = (CrmContactRow.link_id == row.id, CrmContactRow.identifier_id == NOBODY)
    return session.scalars(select(CrmContactRow.crm_id).where(*erased).order_by(CrmContactRow.crm_id)).all()


def forget(
    transact: Transact, row: CrmLinkRow, crm: Crm, say: Callable[[Callable[[], None]], None]
) -> tuple[int, Mapping[str, str]]:
    """Have a CRM forget them; return how many it has forgotten, and why it refuses others.

    `say` is how the CRM is spoken to. What is transient is raised, and the rest is asked for again next time.
    """
    with transact() as session:
        ids = waiting(session, row)
    refused: dict[str, str] = {}
    for crm_id in ids:
        try:
            say(functools.partial(crm.delete, crm_id))
        except PlatformRefused as error:
            refused[crm_id] = error.detail
        with transact() as session:
            _settle(session, row, crm_id, refused.get(crm_id))
    with transact() as session:
        _tell(session, row, list(refused))
    return len(ids) - len(refused), refused


def _settle(session: Session, row: CrmLinkRow, crm_id: str, why: str | None) -> None:
    contact = (CrmContactRow.link_id == row.id, CrmContactRow.crm_id == crm_id, CrmContactRow.identifier_id == NOBODY)
    if why is None:
        session.execute(delete(CrmContactRow).where(*contact))
    else:
        session.execute(update(CrmContactRow).where(*contact).values(error=why))


def _tell(session: Session, row: CrmLinkRow, refused: Sequence[str]) -> None:
    """Raise an alert while a CRM refuses to forget somebody."""
    key = f"crm-erasure/{row.id}"
    if not refused:
        resolve_alert(session, row.tenant_id, SOURCE, key, text="The CRM has forgotten them.")
        return
    text = f"The CRM behind {row.name} refuses to forget people who were erased: {', '.join(refused)}"
    raise_alert(session, row.tenant_id, SOURCE, key, "warning", text, {"contacts": list(refused)})
