"""Whose automation has something to do: for the platform's own turn, which looks at all tenants."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workloads.customers.operations import crm_links
from core.workloads.customers.operations.autopilot_models import ActionRow
from core.workloads.customers.operations.campaign_models import CampaignRow
from core.workloads.customers.operations.crm_models import CrmLinkRow

OPEN = ("proposed", "gated", "approved", "applying", "applied", "rolling_back")
UNPUBLISHED = ("approved", "publishing")


def with_actions(session: Session) -> set[UUID]:
    """Return the tenants whose queue has something in it."""
    return set(session.scalars(select(ActionRow.tenant_id).where(ActionRow.state.in_(OPEN)).distinct()))


def with_anything(session: Session, clock: Clock) -> set[UUID]:
    """Return the tenants with actions in the queue, campaigns on their way, or CRMs to be synced."""
    campaigns = select(CampaignRow.tenant_id).where(CampaignRow.state.in_(UNPUBLISHED)).distinct()
    links = select(CrmLinkRow.tenant_id).where(*crm_links.due(clock)).distinct()
    return {*with_actions(session), *session.scalars(campaigns), *session.scalars(links)}
