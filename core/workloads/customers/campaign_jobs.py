"""The job that publishes a campaign."""

from typing import Any
from uuid import UUID

from core.jobs.context import JobContext
from core.workloads.customers.campaigns.states import CampaignStateWrong
from core.workloads.customers.kinds import PUBLISH_CAMPAIGN
from core.workloads.customers.operations import campaigns, publishing
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.campaigns import CampaignMissing


def publish(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Publish a campaign that was approved; one that is gone is published no more."""
    context.progress(0.0, "publishing")
    campaign_id, worker = UUID(str(params["campaign"])), Worker(context.job_id, context.transaction, context.checkpoint)
    last_try = context.attempt >= PUBLISH_CAMPAIGN.retry.max_attempts
    try:
        state = publishing.publish(worker, context.tenant_id, campaign_id, last_try=last_try)
    except CampaignMissing:
        return {"campaign": str(campaign_id), "state": "missing", "external": {}}
    if state not in {"published", "failed"}:
        raise CampaignStateWrong(f"a campaign that is {state} is not published")
    with context.transaction() as session:
        row = campaigns.find(session, context.tenant_id, campaign_id)
        return {"campaign": str(campaign_id), "state": row.state, "external": row.external}
