"""This file is about ending a connection: refused while something hangs on it, or told of with what ends with it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.platform.alerts.raising import raise_alert
from core.workloads.customers.autopilot import states as action_states
from core.workloads.customers.connection_models import ConnectionRow
from core.workloads.customers.operations import audiences, connections
from core.workloads.customers.operations.audience_models import AudienceRow
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.campaign_models import CampaignRow
from core.workloads.customers.operations.crm_models import NOBODY, CrmContactRow, CrmLinkRow
from core.workloads.customers.operations.trust_models import AccountRow
from core.workloads.customers.operations.trusting import SOURCE

NAMED = 10
"""So many of each sort are told by name."""
OPEN_ACTIONS = (*action_states.WAITING, *action_states.AT_WORK)
SETTLED_CAMPAIGNS = ("rejected", "failed")
"""Nothing of them is on the platform, nor on its way there."""
_HANGING = (AudienceRow, AccountRow, CrmLinkRow, CampaignRow, ActionRow)


class ConnectionInUse(Conflict):
    """Something hangs on the connection, and would end with it."""

    code = "connection_in_use"


def disconnect(session: Session, tenant_id: UUID, reference: str, *, force: bool = False) -> None:
    """Forget a connection; a simulated platform behind it goes, too. Raises `ConnectionInUse`.

    With `force` what hangs on it ends: its audiences go nowhere but into files and are not synced any more, its
    accounts are not asked for, links to CRMs, campaigns and actions go with it, and an alert tells of all. What
    platforms hold stays with them.
    """
    row = connections.find(session, tenant_id, reference, lock=True)
    hanging = hanging_on(session, row)
    told = "; ".join(_named(sort, names) for sort, names in hanging.items())
    if hanging and not force:
        raise ConnectionInUse(f"{row.name!r} is used by {told}")
    left = _let_go(session, row)
    session.execute(delete(ConnectionRow).where(ConnectionRow.id == row.id))
    if hanging:
        text = f"The connection {row.name} was removed, and with it ended {told}{left}"
        raise_alert(session, tenant_id, SOURCE, f"connection/{row.id}", "warning", text, {"ended": hanging})


def hanging_on(session: Session, row: ConnectionRow) -> Mapping[str, Sequence[str]]:
    """Return the names of what would end with a connection, by sort."""
    on = {table: table.connection_id == row.id for table in _HANGING}
    queries = {
        "audiences": select(AudienceRow.name).where(on[AudienceRow]),
        "accounts": select(AccountRow.name).where(on[AccountRow]),
        "CRM links": select(CrmLinkRow.name).where(on[CrmLinkRow]),
        "campaigns": select(CampaignRow.name).where(on[CampaignRow], CampaignRow.state.not_in(SETTLED_CAMPAIGNS)),
        "actions": select(ActionRow.action + " of " + func.coalesce(ActionRow.target, "all")).where(
            on[ActionRow], ActionRow.state.in_(OPEN_ACTIONS)
        ),
    }
    found = {sort: sorted(session.scalars(query)) for sort, query in queries.items()}
    return {sort: names for sort, names in found.items() if names}


def _named(sort: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{sort} {', '.join(names[:NAMED])}{more}"


def _let_go(session: Session, row: ConnectionRow) -> str:
    """Have nothing look as if it were still synced; tell whom platforms go on knowing."""
    members = 0
    for one in session.scalars(select(AudienceRow).where(AudienceRow.connection_id == row.id)):
        audiences.let_go(session, one, "Its connection was removed.")
        members += audiences.count_acknowledged(session, one)
        one.sync_every_s = None
    session.flush()
    links = select(CrmLinkRow.id).where(CrmLinkRow.connection_id == row.id)
    erased = select(func.count()).where(CrmContactRow.link_id.in_(links), CrmContactRow.identifier_id == NOBODY)
    contacts = session.scalar(erased) or 0
    known = f". The platform goes on knowing {members} members of audiences" if members else ""
    return known + (f". Contacts of erased people that the CRM was not asked to forget: {contacts}" if contacts else "")
